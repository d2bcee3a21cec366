import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cardParams } from '../../src/channels/dingtalk/card.ts';
import { feishuCard } from '../../src/channels/feishu/card.ts';
import type { Card } from '../../src/channels/message.ts';
import { inMarkdown } from '../../src/channels/plain.ts';

const button = (label: string, style: 'primary' | 'default' | 'danger' = 'default') => ({
  label,
  style,
  action: { name: 'confirm', args: { id: '1' } },
  say: label,
});
const base = { id: 'c1', tone: 'neutral' as const, buttons: [] };
/** Every kind of card there is, with what strangers write in it. */
const cards: Record<string, Card> = {
  confirm: {
    ...base,
    title: '要把这些出库单写进金蝶吗？',
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: '范围', value: '11-22（周日）00:00 → 24:00' },
          { label: '单数', value: '312 单 · ¥48,210.50' },
        ],
      },
    ],
    buttons: [button('确认同步', 'primary'), button('先预览'), button('取消')],
    note: '仅发起人可确认 · 10 分钟内有效',
  },
  progress: {
    ...base,
    title: '正在同步 11-22',
    blocks: [{ type: 'progress', done: 193, total: 312, text: '193 / 312 单' }],
    buttons: [button('停止')],
  },
  report: {
    ...base,
    tone: 'warn',
    title: '同步完成，有失败',
    blocks: [
      {
        type: 'counts',
        counts: [
          { label: '写入', value: 11, tone: 'good' },
          { label: '失败', value: 3, tone: 'bad' },
        ],
      },
      {
        type: 'table',
        columns: ['原因', '单数'],
        rows: [
          ['物料不存在', '2 单'],
          ['<b>店</b>*10037*', '1 单'],
        ],
        omitted: 4,
      },
      { type: 'link', text: '下载明细表', path: 'https://x.example/file' },
    ],
  },
  text: {
    ...base,
    tone: 'good',
    title: '好了',
    blocks: [{ type: 'text', text: '备注写着 <at id=all></at> **加粗** [链接](http://evil)' }],
  },
};

const golden = join(import.meta.dirname, 'golden');
const renderers: Record<string, (card: Card) => unknown> = {
  feishu: feishuCard,
  dingtalk: cardParams,
  text: inMarkdown,
};

describe.each(Object.entries(renderers))('%s', (channel, render) => {
  test.each(Object.entries(cards))('%s looks as it did', (kind, card) => {
    const file = join(golden, `${channel}-${kind}.json`);
    const drawn = `${JSON.stringify(render(card), null, 2)}\n`;
    if (!existsSync(file)) {
      mkdirSync(golden, { recursive: true });
      writeFileSync(file, drawn);
    }
    expect(drawn).toBe(readFileSync(file, 'utf8'));
  });

  test('what strangers write is never markup', () => {
    const drawn = JSON.stringify(render(cards.text as Card));
    expect(drawn).not.toContain('<at id=all>');
    expect(drawn).not.toMatch(/(?<!\\)\]\(http:\/\/evil/);
  });

  test('nothing of a card is lost: title, values, buttons, note', () => {
    const drawn = JSON.stringify(render(cards.confirm as Card));
    for (const word of ['¥48,210.50', '确认同步', '取消', '10 分钟内有效', '要把这些']) expect(drawn).toContain(word);
  });

  test('a card far too large is cut, and says so', () => {
    const rows = Array.from({ length: 3000 }, (_, n) => [`原因${n}`, '很长的一段话'.repeat(20)]);
    const drawn = JSON.stringify(
      render({ ...base, title: '大', blocks: [{ type: 'table', columns: ['a', 'b'], rows }] }),
    );
    if (channel !== 'text') {
      expect(Buffer.byteLength(drawn)).toBeLessThan(30_000);
      expect(drawn).toMatch(/还有|太长/);
    }
  });
});

test('Feishu: at most five tables a card', () => {
  const table = { type: 'table' as const, columns: ['a'], rows: [['1']] };
  const drawn = feishuCard({ ...base, title: '表', blocks: Array.from({ length: 9 }, () => table) }) as {
    body: { elements: { tag: string }[] };
  };
  expect(drawn.body.elements.filter(({ tag }) => tag === 'table')).toHaveLength(5);
});

test('DingTalk: every value is a string', () => {
  for (const card of Object.values(cards))
    for (const value of Object.values(cardParams(card))) expect(typeof value).toBe('string');
});
