import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SendError } from '../../src/channels/channel.ts';
import { Conversations, type ConversationsParts } from '../../src/channels/conversations.ts';
import type { Button, Card, Message, Reply } from '../../src/channels/message.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import type { Sql } from '../../src/store/sql.ts';
import { type Done, down, never, ScriptedChannel } from '../fakes/channel.ts';
import { dataFolder } from '../fakes/folder.ts';

const soon = { timeout: 10_000, interval: 10 };
let store: Store;
let dir: string;
let clock: number;
let channel: ScriptedChannel;
let node: Conversations;
let answer: ConversationsParts['answer'];
beforeAll(async () => {
  dir = dataFolder();
  store = await openStore({ dataDir: dir });
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});
/** The next statement that has this in it fails. */
let breaks = '';
const breaking = (sql: Sql): Sql => ({
  query: async (text, params) => {
    if (breaks === '' || !text.includes(breaks)) return await sql.query(text, params);
    breaks = '';
    throw new Error('the store is away');
  },
  transaction: (work) => sql.transaction((tx) => work(breaking(tx))),
  cursor: (...query) => sql.cursor(...query),
});
const begin = (): Conversations =>
  new Conversations({
    sql: breaking(store.sql),
    now: () => new Date(clock),
    channels: [channel],
    answer: (message, onText) => answer(message, onText),
    sorry: 'sorry',
    embedded: true,
    pace: 0.01,
    onError: () => undefined,
  });
beforeEach(async () => {
  await store.sql.query('truncate outbox, outbox_files, inbox, sent_cards');
  clock = Date.parse('2026-11-24T15:00:00+08:00');
  channel = new ScriptedChannel();
  answer = async ({ text }) => ({ text });
  node = begin();
  await node.start();
});
afterEach(async () => {
  await node.stop();
});
/** Time goes on. */
const later = (ms: number): void => {
  clock += ms;
  node.look();
};
const texts = (): string[] => channel.done.map(({ text }) => text);
const say = (conversation: string, text: string) => node.outbox.put(conversation, { reply: { text } });

describe('what must arrive', () => {
  test('order within a conversation holds while its first is tried again; others do not wait', async () => {
    channel.fails = ({ to, text }) => (to === 'feishu:a' && text === '1' ? down() : null);
    for (const [conversation, text] of ['a1', 'a2', 'b3'].map((one) => [`feishu:${one[0]}`, one[1]] as const))
      await say(conversation, text ?? '');
    await expect.poll(texts, soon).toEqual(['3']);
    channel.fails = () => null;
    later(1000);
    await expect.poll(texts, soon).toEqual(['3', '1', '2']);
  });

  test('a slow conversation delays no other', async () => {
    let free = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    channel.slow = async (conversation) => (conversation === 'feishu:slow' ? await stuck : undefined);
    await say('feishu:slow', 'slow');
    for (let n = 0; n < 40; n++) await say(`feishu:${n}`, 'quick');
    await expect.poll(() => texts().filter((text) => text === 'quick').length, soon).toBe(40);
    free();
    await expect.poll(texts, soon).toContain('slow');
  });

  test('what the platform refuses for good is given up, and the next goes', async () => {
    channel.fails = ({ text }) => (text === 'refused' ? never() : null);
    await say('feishu:a', 'refused');
    await say('feishu:a', 'next');
    await expect.poll(texts, soon).toEqual(['next']);
  });

  test.each([
    [
      'the platform’s own hint',
      new SendError('limit', { reason: 'rate_limited', recoverable: true, retryAfterMs: 7000 }),
      7000,
    ],
    ['back-off', down(), 1000],
  ])('tried again by %s', async (_what, error, wait) => {
    channel.fails = () => error;
    await say('feishu:a', 'x');
    const next = async () =>
      (await store.sql.query<{ next_at: Date }>('select next_at from outbox where attempts = 1'))[0]?.next_at.getTime();
    await expect.poll(next, soon).toBe(clock + wait);
  });

  test('a failure of our own is not tried for ever, nor does it hold up the conversation', async () => {
    channel.fails = ({ text }) => (text === 'broken' ? new TypeError('x') : null);
    await say('feishu:a', 'broken');
    await say('feishu:a', 'next');
    const next = (): string[] => {
      later(10_000);
      return texts();
    };
    await expect.poll(next, soon).toEqual(['next']);
  });
});

describe('what the store cannot hold, and a store that fails', () => {
  const from = (id: string, conversation: string, text: string) =>
    channel.accept({ id, message: { person: 'feishu:ou_1', conversation, text }, handle: {} });

  test.each([
    ['a character the store has no room for', 'a\0b', 'ab'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
  ])('%s: it is answered without, and what comes beside it is kept', async (_what, text, kept) => {
    await Promise.all([from('m1', 'feishu:a', text), from('m2', 'feishu:b', 'beside')]);
    await expect.poll(() => texts().sort(), soon).toEqual([kept, 'beside']);
  });

  test('the same in an answer', async () => {
    answer = async () => ({ text: 'a\0b' });
    await from('m1', 'feishu:a', '?');
    await expect.poll(texts, soon).toEqual(['ab']);
  });

  test('a message that is being answered is not taken up again, though the clock jumps', async () => {
    let asked = 0;
    let free = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    answer = async ({ text }) => {
      asked += 1;
      if (text === 'slow') await stuck;
      return { text };
    };
    await from('m1', 'feishu:a', 'slow');
    await expect.poll(() => asked, soon).toBe(1);
    later(60_000);
    await from('m2', 'feishu:b', 'quick');
    await expect.poll(texts, soon).toEqual(['quick']);
    free();
    await expect.poll(texts, soon).toEqual(['quick', 'slow']);
    expect(asked).toBe(2);
  });

  test('what went out is not sent again because it could not be written down', async () => {
    breaks = 'update outbox set done_at';
    await say('feishu:a', 'once');
    await expect.poll(() => breaks, soon).toBe('');
    await say('feishu:a', 'next');
    const next = (): string[] => {
      later(1000);
      return texts();
    };
    await expect.poll(next, soon).toContain('next');
    expect(texts()).toEqual(['once', 'next']);
  });
});

describe('cards that move', () => {
  const card = (title: string, more: Partial<Card> = {}): Card => ({
    id: 'run-1',
    title,
    tone: 'neutral',
    blocks: [],
    buttons: [],
    ...more,
  });
  const send = (title: string) => node.outbox.put('feishu:a', { reply: { text: title, card: card(title) } });
  const ended = { ended: true } as const;
  const moves = (): string[] => channel.done.filter(({ what }) => what === 'move').map(({ text }) => text);

  test('states are coalesced, the last one always arrives, and the word to who waits comes after it', async () => {
    await send('0');
    await expect.poll(texts, soon).toEqual(['0']);
    for (let n = 1; n <= 50; n++) node.move('feishu:a', card(String(n)));
    node.move('feishu:a', card('end', ended), { person: 'feishu:ou_1', text: '好了' });
    await expect.poll(() => channel.done.at(-1), soon).toMatchObject({ what: 'send', text: '好了', at: 'feishu:ou_1' });
    expect(moves().at(-1)).toBe('end');
    expect(moves().length).toBeLessThan(10);
  });

  test('a last state that could not be written down at first arrives all the same', async () => {
    await send('0');
    await expect.poll(texts, soon).toEqual(['0']);
    breaks = 'insert into sent_cards';
    node.move('feishu:a', card('end', ended));
    await expect.poll(moves, soon).toEqual(['end']);
  });

  test('a card that waits long for the platform is not shown twice at the same time', async () => {
    await send('0');
    await expect.poll(texts, soon).toEqual(['0']);
    let showing = 0;
    let free = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    channel.move = async () => {
      showing += 1;
      await stuck;
    };
    node.move('feishu:a', card('1'));
    await expect.poll(() => showing, soon).toBe(1);
    later(60_000);
    const renewed = async () =>
      await store.sql.query('select 1 from sent_cards where lease_until > $1', [new Date(clock)]);
    await expect.poll(renewed, soon).toHaveLength(1);
    free();
    await node.stop();
    expect(showing).toBe(1);
  });

  test('a state that comes before the card has been sent is shown once it is', async () => {
    let free = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    channel.slow = () => stuck;
    await send('0');
    node.move('feishu:a', card('end', ended));
    free();
    const shown = (): string[] => {
      node.look();
      return texts();
    };
    await expect.poll(shown, soon).toEqual(['0', 'end']);
  });

  test('the same card sent anew: all of its copies move', async () => {
    for (let copy = 1; copy <= 6; copy++) {
      await send('0');
      await expect.poll(() => texts().length, soon).toBe(copy);
    }
    node.move('feishu:a', card('end', ended));
    await expect.poll(() => moves().length, soon).toBe(4);
    expect(channel.done.slice(6).map(({ to }) => to)).toEqual(['om_6', 'om_3', 'om_4', 'om_5']);
  });

  test('what a dead process wanted to show is shown by the next', async () => {
    await send('0');
    await expect.poll(texts, soon).toEqual(['0']);
    channel.fails = () => down();
    node.move('feishu:a', card('end', ended));
    const noted = async () => (await store.sql.query('select 1 from sent_cards where attempts = 1')).length;
    await expect.poll(noted, soon).toBe(1);
    await node.stop();
    channel.fails = () => null;
    clock += 60_000;
    node = begin();
    await node.start();
    node.look();
    await expect.poll(moves, soon).toEqual(['end']);
  });

  test('a card that cannot be moved any more: its last state as words, once, with who waits mentioned; healed later', async () => {
    await send('0');
    await expect.poll(texts, soon).toEqual(['0']);
    channel.fails = ({ what }: Done) => (what === 'move' ? down() : null);
    node.move('feishu:a', card('1'));
    node.move('feishu:a', card('end', ended), { person: 'feishu:ou_1', text: '好了' });
    const last = (): Done | undefined => {
      later(1000);
      return channel.done.at(-1);
    };
    await expect.poll(last, soon).toEqual({
      what: 'send',
      to: 'feishu:a',
      text: 'end',
      at: 'feishu:ou_1',
      plain: true,
    });
    node.move('feishu:a', card('end', ended)); // seen again: no reason to say it again
    channel.fails = () => null;
    const healed = (): string[] => {
      later(60_000);
      return moves();
    };
    await expect.poll(healed, soon).toEqual(['end']);
    expect(texts()).toEqual(['0', 'end', 'end']);
  });

  test.each([
    ['refused for good', () => never()],
    ['sent as words from the first', null],
  ])('%s: progress is left out, the last state comes as words', async (_what, failure) => {
    channel.takesCards = failure !== null;
    await send('0');
    await expect.poll(texts, soon).toEqual(['0']);
    if (failure) channel.fails = ({ what }: Done) => (what === 'move' ? failure() : null);
    node.move('feishu:a', card('1'));
    await expect.poll(() => store.sql.query('select 1 from sent_cards where wanted is not null'), soon).toEqual([]);
    node.move('feishu:a', card('end', ended));
    await expect.poll(texts, soon).toEqual(['0', 'end']);
  });
});

describe('answers that grow', () => {
  const said = (id: string, more: Partial<Message> = {}) =>
    channel.accept({
      id,
      message: { person: 'feishu:ou_1', conversation: 'feishu:a', text: '?', ...more },
      handle: { messageId: id },
    });
  const put = (reply: Reply) => node.outbox.put('feishu:a', { reply, growing: { grows: 'card' } });

  test('grow while they are written, always to the newest, and end on their card', async () => {
    answer = async (_message, onText) => {
      onText('一');
      await expect.poll(texts, soon).toEqual(['一']);
      for (const text of ['一二', '一二三', '一二三四']) onText(text);
      return { text: '一二三四。' };
    };
    await said('m1');
    await expect.poll(() => channel.done.at(-1), soon).toEqual({ what: 'end', to: 'feishu:a', text: '一二三四。' });
    expect(channel.done.length).toBeLessThan(5);
  });

  test('a process that dies in the middle leaves the card to the next, which ends it: one message', async () => {
    let revive = (): void => undefined;
    const dead = new Promise<void>((resolve) => {
      revive = resolve;
    });
    answer = async (_message, onText) => {
      onText('写到一半');
      await dead;
      return { text: '死者的话' };
    };
    await said('m1');
    await expect.poll(texts, soon).toEqual(['写到一半']);
    answer = async (_message, onText) => {
      onText('全');
      return { text: '全部' };
    };
    const next = begin();
    await next.start();
    next.look();
    await expect.poll(() => channel.done.at(-1), soon).toEqual({ what: 'end', to: 'feishu:a', text: '全部' });
    revive();
    await node.stop();
    await next.stop();
    expect(channel.done.filter(({ what }) => what !== 'grow')).toHaveLength(1);
  });

  test('one that cannot grow is sent as any other', async () => {
    channel.fails = ({ what }) => (what === 'grow' || what === 'end' ? never() : null);
    answer = async (_message, onText) => {
      onText('一');
      return { text: '一二' };
    };
    await said('m1');
    await expect.poll(() => channel.done, soon).toEqual([{ what: 'send', to: 'feishu:a', text: '一二' }]);
  });

  test('one that ends in a card: its buttons work, it moves', async () => {
    const action = { name: 'retry', args: { run: '1' } };
    const button: Button = { label: '重试', style: 'default', action, say: '重试' };
    const card: Card = { id: 'run-1', title: '0', tone: 'neutral', blocks: [], buttons: [button] };
    await put({ text: '0', card });
    await expect.poll(texts, soon).toEqual(['0']);
    node.move('feishu:a', { ...card, title: '1' });
    await expect.poll(() => channel.done.at(-1), soon).toEqual({ what: 'move', to: 'card', text: '1' });
    answer = async (message) => ({ text: message.action?.name ?? '' });
    await said('m1', { text: '', action: { name: 'press', args: { card: 'card', button: '0' } } });
    await expect.poll(() => texts().at(-1), soon).toBe('retry');
  });

  test.each([
    ['refused for good', never],
    ['down for long', down],
  ])('a card %s: exactly one message instead', async (_what, failure) => {
    channel.fails = ({ what }) => (what === 'end' ? failure() : null);
    await put({ text: 'all' });
    const done = (): Done[] => {
      later(10_000);
      return channel.done;
    };
    await expect.poll(done, soon).toEqual([{ what: 'send', to: 'feishu:a', text: 'all' }]);
  });
});
