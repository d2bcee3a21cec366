import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cardParams } from '../../src/channels/dingtalk/card.ts';
import { feishuCard } from '../../src/channels/feishu/card.ts';
import type { Block, Card } from '../../src/channels/message.ts';
import { inMarkdown } from '../../src/channels/plain.ts';
import { drawCards, hasChromium, openCardView, openChromium } from '../fakes/chromium.ts';
import { cards } from './cards.ts';
import { problemsOf } from './feishu-json.ts';
import { ofDingtalk, ofFeishu } from './views.ts';

const kinds: [kind: string, card: Card][] = Object.entries(cards);

/** The same as the last time it was looked at; a new one is written down to be looked at. */
function expectGolden(name: string, drawn: string): void {
  const file = join(import.meta.dirname, 'golden', name);
  if (!existsSync(file)) writeFileSync(file, drawn);
  expect(drawn).toBe(readFileSync(file, 'utf8'));
}

function wordsOfBlock(block: Block): (string | number)[] {
  switch (block.type) {
    case 'fields':
      return block.fields.flatMap(({ label, value }) => [label, value]);
    case 'counts':
      return block.counts.flatMap(({ label, value }) => [label, value.toLocaleString('zh-CN')]);
    case 'table':
      return [...block.rows.flat(), ...(block.omitted ? [`还有 ${block.omitted} 条`] : [])];
    case 'chart':
      return [block.title, ...block.labels];
    case 'text':
    case 'link':
    case 'progress':
      return [block.text];
  }
}

/** Every word of a card that a person has to be able to read or press. */
function wordsOf({ title, blocks, buttons, form, note = '' }: Card): string[] {
  const inForm = form ? [...form.fields.map(({ label }) => label), form.submit.label] : [];
  return [title, ...blocks.flatMap(wordsOfBlock), ...buttons.map(({ label }) => label), ...inForm, note].map(String);
}

const bare = (text: string): string => text.replace(/[\\*_`<>＜＞[\]［］"]/g, '').replaceAll('：//', '://');

const renderers = { feishu: feishuCard, dingtalk: cardParams, text: inMarkdown };

describe.each(Object.entries(renderers))('%s', (channel, render) => {
  test.each(kinds)('%s looks as it did', (kind, card) =>
    expectGolden(`${channel}-${kind}.json`, `${JSON.stringify(render(card), null, 2)}\n`),
  );

  test.each(kinds)('nothing of a %s is lost', (_, card) => {
    const drawn = bare(JSON.stringify(render(card)));
    // What is filled in where there is a form is said in words where there is none.
    for (const word of wordsOf(card))
      if (channel !== 'text' || !card.form?.fields.some(({ label }) => label === word))
        expect(drawn).toContain(bare(word));
  });

  test('what strangers write is never markup', () => {
    const drawn = JSON.stringify(render(cards.text));
    expect(drawn).not.toContain('<at id=all>');
    expect(drawn).not.toMatch(/(?<!\\)\]\(http:\/\/evil/);
  });

  test('a card far too large is cut, and says so', () => {
    const rows = Array.from({ length: 3000 }, (_, n) => [`原因${n}`, '很长的一段话'.repeat(20)]);
    const drawn = JSON.stringify(
      render({ ...cards.text, title: '大', blocks: [{ type: 'table', columns: ['a', 'b'], rows }] }),
    );
    if (channel !== 'text') {
      expect(Buffer.byteLength(drawn)).toBeLessThan(30_000);
      expect(drawn).toMatch(/还有|太长/);
    }
  });
});

describe('Feishu takes', () => {
  test.each(kinds)('%s', (_, card) => expect(problemsOf(feishuCard(card))).toEqual([]));

  const table = { type: 'table' as const, columns: ['a'], rows: [['1']] };
  const chart = { type: 'chart' as const, kind: 'bar' as const, title: '图', labels: ['a'], values: [1], unit: '单' };
  test('a card with more tables and charts than it may have', () => {
    const drawn = feishuCard({ ...cards.text, blocks: Array.from({ length: 9 }, () => [table, chart]).flat() });
    expect(problemsOf(drawn)).toEqual([]);
    expect(JSON.stringify(drawn).match(/"tag":"(?:table|chart)"/g)).toHaveLength(10);
  });

  test.each([
    ['a tag of 1.0', { tag: 'note', elements: [] }],
    ['an unknown property', { tag: 'markdown', content: '', lines: 2 }],
    ['a table in a column', { tag: 'column_set', columns: [{ tag: 'column', elements: [{ tag: 'table' }] }] }],
    ['a callback that is a string', { tag: 'button', behaviors: [{ type: 'callback', value: 'x' }] }],
    ['a form without a button', { tag: 'form', name: 'f', elements: [{ tag: 'input', name: 'a' }] }],
    ['one name twice', { tag: 'form', name: 'f', elements: [{ tag: 'input', name: 'f' }] }],
  ])('but not %s', (_, element) => {
    const card = feishuCard(cards.choices) as { body: { elements: object[] } };
    expect(problemsOf({ ...card, body: { elements: [element] } })).not.toEqual([]);
  });
});

test.each(kinds)('what can be pressed and filled in on a %s stands on the platforms’ cards, too', (_, card) => {
  const handles = ({ title, tone, buttons, form }: Card): unknown => ({
    title,
    tone,
    buttons: buttons.map(({ label, style }) => [label, style]),
    form: form && [form.submit.label, ...form.fields.map(({ name, label, options }) => [name, label, options])],
  });
  expect(handles(ofFeishu(feishuCard(card)))).toEqual(handles(card));
  expect(handles(ofDingtalk(cardParams(card)))).toEqual(handles(card));
});

test('DingTalk: every value is a string', () => {
  for (const card of Object.values(cards))
    for (const value of Object.values(cardParams(card))) expect(typeof value).toBe('string');
});

describe.skipIf(!hasChromium('the page’s card view'))('page', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await openChromium();
    page = await openCardView(browser);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 60_000);
  afterAll(async () => await browser?.close());

  test.each(kinds)('%s looks as it did, on a phone, with nothing lost', async (kind, card) => {
    await drawCards(page, [card]);
    const drawn = await page.locator('main').innerHTML();
    const shown = bare((await page.locator('main').textContent()) ?? '');
    for (const word of wordsOf(card)) expect(shown).toContain(bare(word));
    expect(await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')).toBe(false);
    expect(complaints).toEqual([]);
    expectGolden(`page-${kind}.html`, `${drawn.replaceAll('><', '>\n<')}\n`);
  });

  test('a table with sentences in it is read on a phone without moving it sideways', async () => {
    const rows = [
      [
        '🔴 没有对照 · 11-25 11:24 起',
        '1 单',
        '告诉我 10037 对应金蝶的哪个编码，或写进 maps/shop_to_customer.csv，再点重试',
      ],
    ];
    const blocks: Card['blocks'] = [{ type: 'table', columns: ['告警', '影响', '办法'], rows }];
    await drawCards(page, [{ id: 'alerts', title: '1 个告警', tone: 'bad', blocks, buttons: [] }]);
    expect(
      await page.evaluate("((box) => box.scrollWidth > box.clientWidth)(document.querySelector('main .scroll'))"),
    ).toBe(false);
  });

  test('what strangers write is never markup', async () => {
    await drawCards(page, [cards.text, cards.chart, cards.report]);
    expect(await page.locator('main at, main td b, main .label b').count()).toBe(0);
  });

  test('a form is handed in once it is filled in, with the button’s own arguments', async () => {
    await drawCards(page, [cards.form]);
    await page.click('form button');
    expect(await page.evaluate('pressed')).toEqual([]); // a field is empty
    await page.fill('input[name=target]', 'CUST0007');
    await page.selectOption('select[name=map]', 'shop_to_org');
    await page.click('form button');
    expect(await page.evaluate('pressed')).toEqual([
      {
        label: '设好并重试：CUST0007、shop_to_org',
        action: { name: 'set-master-data', args: { source: '10037', target: 'CUST0007', map: 'shop_to_org' } },
      },
    ]);
    expect(await page.isDisabled('form button')).toBe(true);
  });
});
