import { expect, test } from 'vitest';
import type { Card } from '../../src/channels/message.ts';
import { conversationNamed, type StoredMessage, WebHub } from '../../src/channels/web/hub.ts';
import { startApp, startPage, syncDays } from '../fakes/app.ts';

test('of many conversations the latest are kept: anybody may name a new one', () => {
  const hub = new WebHub();
  const said = { from: 'me', at: '2026-11-24T07:00:00Z', text: '在吗' } as const;
  for (let n = 0; n < 1000; n++) hub.remember(`web:${n}`, said);
  hub.remember('web:0', said);
  hub.remember('web:new', said);
  expect(hub.messages('web:0')).toHaveLength(2);
  expect(hub.messages('web:new')).toHaveLength(1);
  expect(hub.messages('web:1')).toEqual([]);
});

const card = (id: string): Card => ({ id, title: id, tone: 'warn', blocks: [], buttons: [] });

test('a card for everybody reaches each conversation once, whatever they are called', () => {
  const hub = new WebHub();
  const heard: string[] = [];
  for (const name of ['web:a', 'web:*']) hub.subscribe(name, ({ event }) => heard.push(`${name} ${event}`));
  hub.update('web:*', card('alert'));
  hub.update('web:*', card('alert'));
  expect(heard).toEqual(['web:a said', 'web:* said', 'web:a card', 'web:* card']);
});

test.each(['*', 'a*', '%2A', '%', '.*', '__proto__', 'constructor', '$&', '_'])(
  'a conversation called %s is itself and nobody else',
  (name) => {
    const hub = new WebHub();
    const own = conversationNamed(`web:${name}`);
    const others = ['*', '%2A', '%252A', 'a', 'toString', ''].filter((other) => other !== name);
    const heard: string[] = [];
    for (const other of [name, ...others]) hub.subscribe(conversationNamed(`web:${other}`), () => heard.push(other));
    hub.update(own, card('run'));
    expect(heard).toEqual([name]);
  },
);

test('somebody who would call a conversation * is refused; in one with a name of its own an alert’s card moves', async () => {
  const app = await startApp();
  const http = await startPage(app, 't');
  try {
    const say = async (conversation: string, text: string): Promise<Response> =>
      await fetch(`${http.url}/api/v1/messages`, {
        method: 'POST',
        headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
        body: JSON.stringify({ conversation, text }),
      });
    const kept = async (conversation: string) => {
      const path = `/api/v1/conversations/${encodeURIComponent(conversation)}/messages`;
      const answer = await fetch(`${http.url}${path}`, { headers: { authorization: 'Bearer t' } });
      return ((await answer.json()) as { messages: StoredMessage[] }).messages;
    };
    expect((await say('*', '有哪些失败')).status).toBe(400);
    for (const name of ['x', 'y']) expect((await say(name, '有哪些失败')).status).toBe(200);
    expect(await kept('x')).toHaveLength(2);
    await syncDays(app, '2026-11-23');
    for (let look = 0; look < 3; look++) {
      await app.alerts.evaluate();
      app.clock.now += 60_000;
    }
    expect((await kept('y')).at(-1)?.card?.title).toContain('🔴'); // everybody's, as for everybody who looks
    const taken = await say('x', '我来处理');
    expect(taken.status).toBe(200);
    expect((await kept('y')).at(-1)?.card?.title).toContain('在处理');
  } finally {
    await http.close();
    await app.end();
  }
});
