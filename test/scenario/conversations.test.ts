import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import type { Card } from '../../src/channels/message.ts';
import type { HttpServer } from '../../src/http/server.ts';
import { phrase } from '../../src/phrases.ts';
import { pause, startApp, startPage, syncDays, type TestApp } from '../fakes/app.ts';

interface Turn {
  say?: string;
  /** The label of a button of the newest card that has it, pressed instead of words. */
  press?: string;
  by?: keyof typeof people;
  /** What somebody does in 金蝶 by hand before it is said. */
  byHand?: Record<string, object>;
  /** Whether 金蝶 holds other bills after it. */
  writes: 'never' | 'may' | 'must';
  /** Orders that 金蝶 holds after it, and such that it does not. */
  holds?: string[];
  lacks?: string[];
  /** Not what 小青 is for. */
  within?: false;
  /** What the answer, with its card, says and does not say. */
  answer?: string | string[];
  not?: string | string[];
}
interface Conversation {
  id: string;
  /** What has been synced before it: nothing, or yesterday and the day before. */
  start?: 'synced';
  /** No run begins in it, so the house (`synced`) is one that it shares with others of its kind, in a group of its own. */
  looks?: true;
  turns: Turn[];
}

const conversations: Conversation[] = JSON.parse(
  readFileSync(new URL('cases/conversations.json', import.meta.url), 'utf8'),
);
/** How the answer begins that is given where nobody can make anything of a sentence. */
const nothingKnown = phrase('replies.ask.unknown', { documents: '' }).slice(0, 6);
const people = { 仓库: 'feishu:ou_store', 主管: 'feishu:ou_lead', 访客: 'feishu:ou_guest' };
const now = Date.parse('2026-11-24T15:00:00+08:00');
const syncedDays = ['2026-11-22', '2026-11-23'];
/** Between two sentences of a conversation. */
const betweenMs = 20_000;
const token = 'secret-token';

const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-conversations-'));
const rolesFile = join(dir, 'roles.yaml');
const users = { [people.主管]: 'admin', [people.访客]: 'viewer' };
writeFileSync(rolesFile, JSON.stringify({ default: 'operator', users }));
/** Houses that were opened once: a copy opens in a quarter of the time. On a server every house is new. */
const prepared = process.env.TEST_DATABASE_URL ? null : { empty: join(dir, 'empty'), synced: join(dir, 'synced') };

interface House {
  app: TestApp;
  http: HttpServer;
  end(): Promise<void>;
}
let houses = 0;
async function open(start: Conversation['start']): Promise<House> {
  houses += 1;
  const own = join(dir, `${houses}`);
  if (prepared) cpSync(prepared[start ?? 'empty'], own, { recursive: true });
  const app = await startApp({ ROLES_FILE: rolesFile, ...(prepared ? { DATA_DIR: own } : {}) }, { now });
  for (const [name, person] of Object.entries(people))
    await app.store.sql.query('insert into people (person, name) values ($1, $2)', [person, name]);
  if (!prepared && start === 'synced') for (const day of syncedDays) await syncDays(app, day);
  const http = await startPage(app, token);
  return {
    app,
    http,
    async end() {
      await http.close();
      await app.end();
    },
  };
}
/** The one for those that only look. */
let looked: House | undefined;

beforeAll(async () => {
  if (!prepared) return;
  await (await startApp({ DATA_DIR: prepared.empty }, { now })).end();
  cpSync(prepared.empty, prepared.synced, { recursive: true });
  const synced = await startApp({ DATA_DIR: prepared.synced }, { now });
  for (const day of syncedDays) await syncDays(synced, day);
  await synced.end();
});
afterAll(async () => {
  await looked?.end();
  rmSync(dir, { recursive: true, force: true });
});

const listed = (one: string | string[] = []): string[] => [one].flat();
/** Every word of a reply, those of its card too. */
const wordsOf = ({ text, card }: Answer['reply']): string => `${text}\n${card ? textsIn(card).join(' · ') : ''}`;
const textsIn = (node: unknown): string[] =>
  typeof node === 'object' && node !== null
    ? Object.entries(node).flatMap(([name, value]) => (name === 'action' || name === 'id' ? [] : textsIn(value)))
    : typeof node === 'string'
      ? [node]
      : [];

/** Answers to turns that 小青 is for, by whether it was the one to what nobody can make anything of. */
const given = { knowing: 0, unknown: [] as string[] };

test.each(conversations)('$id', async ({ id, start, looks, turns }) => {
  if (looks) looked ??= await open('synced');
  const house = looks && looked ? looked : await open(start);
  const { app, http } = house;
  const conversation = `feishu:oc_${conversations.findIndex((one) => one.id === id) + 1}`;
  const kingdee = app.sandbox?.kingdee.origin;
  const say = async (turn: Turn, cards: readonly Card[]): Promise<Answer> => {
    const buttons = cards.toReversed().flatMap((card) => card.buttons);
    const action = buttons.find(({ label }) => label === turn.press)?.action;
    if (turn.press && !action) throw new Error(`no button ${turn.press}`);
    const body = {
      person: people[turn.by ?? '仓库'],
      conversation,
      text: turn.say ?? '',
      ...(action ? { action } : {}),
    };
    const response = await fetch(`${http.url}/api/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };
  const books = async (): Promise<Map<string, string>> => {
    while ((await app.sync.runs.active()).length > 0) await pause();
    const bills = (await (await fetch(`${kingdee}/sandbox/bills`)).json()) as { number: string }[];
    return new Map(bills.map((bill) => [bill.number, JSON.stringify(bill)]));
  };
  const runs = async (): Promise<number> => (await app.sync.runs.recent(1000)).length;
  const transcript: string[] = [];
  try {
    const ran = await runs();
    let before = await books();
    const cards: Card[] = [];
    for (const turn of turns) {
      app.clock.now += betweenMs;
      for (const [kind, work] of Object.entries(turn.byHand ?? {}))
        await fetch(`${kingdee}/sandbox/${kind}`, { method: 'POST', body: JSON.stringify(work) });
      const { reply } = await say(turn, cards);
      const held = await books();
      const words = wordsOf(reply);
      const changed = [...before.keys(), ...held.keys()].filter((number) => before.get(number) !== held.get(number));
      const wrote = new Set(changed).size;
      transcript.push(`> ${turn.by ?? '仓库'}：${turn.say ?? `[${turn.press}]`}`, `< ${words}`, `  金蝶 ${wrote}`);
      const wrong = [
        ...(turn.writes === 'never' && wrote > 0 ? [`${wrote} bills written`] : []),
        ...(turn.writes === 'must' && wrote === 0 ? ['nothing written'] : []),
        ...(looks && (await runs()) > ran ? ['a run begun'] : []),
        ...(turn.holds ?? []).filter((order) => !held.has(`JST${order}`)).map((order) => `without ${order}`),
        ...(turn.lacks ?? []).filter((order) => held.has(`JST${order}`)).map((order) => `with ${order}`),
        ...listed(turn.answer)
          .filter((part) => !words.includes(part))
          .map((part) => `does not say ${part}`),
        ...listed(turn.not)
          .filter((part) => words.includes(part))
          .map((part) => `says ${part}`),
      ];
      expect.soft(wrong, transcript.join('\n')).toEqual([]);
      if (turn.say && turn.within !== false) {
        if (reply.text.includes(nothingKnown)) given.unknown.push(turn.say);
        else given.knowing += 1;
      }
      before = held;
      if (reply.card) cards.push(reply.card);
    }
  } finally {
    if (!looks) await house.end();
  }
});

test('hardly anything that 小青 is for is answered as what nobody can make anything of', () => {
  const all = given.knowing + given.unknown.length;
  expect(all).toBeGreaterThan(100);
  expect(given.unknown.length / all, given.unknown.join('\n')).toBeLessThan(0.03);
});
