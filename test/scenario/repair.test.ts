import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../fakes/app.ts';
import { type FakeFeishu, startOnFeishu } from '../fakes/feishu.ts';

let gateway: FakeFeishu;
let app: TestApp;
const soon = { timeout: 20_000, interval: 20 };
beforeAll(async () => {
  ({ gateway, app } = await startOnFeishu());
});
afterAll(async () => {
  await app.end();
  await gateway.stop();
});

interface Sent {
  method: string;
  title: string;
  template: string;
  text: string;
  buttons: { label: string; value: object }[];
}
const sent = (): Sent[] =>
  gateway.said
    .filter(({ body }) => typeof body.content === 'string')
    .map(({ method, body }) => {
      const text = String(body.content);
      const card = JSON.parse(text) as {
        header?: { title: { content: string }; template: string };
        body?: {
          elements: {
            columns?: { elements: { tag: string; text?: { content: string }; behaviors?: { value: object }[] }[] }[];
          }[];
        };
      };
      const buttons = (card.body?.elements ?? [])
        .flatMap(({ columns }) => (columns ?? []).flatMap(({ elements }) => elements ?? []))
        .filter(({ tag }) => tag === 'button')
        .map(({ text: label, behaviors }) => ({ label: label?.content ?? '', value: behaviors?.[0]?.value ?? {} }));
      return { method, title: card.header?.title.content ?? '', template: card.header?.template ?? '', text, buttons };
    });
const latest = (title: RegExp) => sent().findLast((card) => title.test(card.title));
const press = (card: Sent | undefined, label: RegExp): void => {
  const button = card?.buttons.find((one) => label.test(one.label));
  if (!button) throw new Error(`no button ${label}`);
  gateway.press(button.value);
};

test('from alert to fixed in the group alone: missing material, alert, created, pressed, green', async () => {
  gateway.say('同步昨天的订单');
  await expect.poll(() => latest(/写进金蝶吗/), soon).toBeDefined();
  press(latest(/写进金蝶吗/), /确认/);
  await expect.poll(() => latest(/同步完成/), soon).toBeDefined();

  // Five causes at once are three messages a minute: this one may be among the later ones.
  const later = async () => {
    app.clock.now += 10_000;
    await app.alerts.evaluate();
    return latest(/^🔴 物料不存在/);
  };
  await expect.poll(later, soon).toBeDefined();
  const alert = latest(/^🔴 物料不存在/);
  expect(alert?.template).toBe('red');
  expect(alert?.text).toContain('A-1093');

  press(alert, /我来处理/);
  await expect.poll(() => latest(/^🟡 物料不存在/), soon).toBeDefined();
  await fetch(`${app.sandbox?.kingdee.origin}/sandbox/materials`, { method: 'POST', body: '{"code":"A-1093"}' });
  press(latest(/^🟡 物料不存在/), /补好了/);
  await expect.poll(() => sent().filter(({ title }) => /同步完成/.test(title)).length, soon).toBeGreaterThan(1);

  await app.alerts.evaluate();
  app.clock.now += 61_000;
  await app.alerts.evaluate();
  await expect.poll(() => latest(/^🟢 物料不存在/)?.template, soon).toBe('green');
  // One cause, one message: everything else was the same card moving.
  expect(sent().filter(({ method, title }) => method === 'POST' && /物料不存在/.test(title))).toHaveLength(1);
}, 90_000);

test('no card of an alert holds what is personal or secret', () => {
  for (const { text } of sent())
    expect(text).not.toMatch(/1[3-9]\d{9}(?!\d)|sandbox-app-secret|sandbox-password|省.{0,10}市.{0,10}[路街]/);
});
