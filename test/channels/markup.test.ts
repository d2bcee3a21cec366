import { describe, expect, test } from 'vitest';
import { cardParams } from '../../src/channels/dingtalk/card.ts';
import { feishuCard } from '../../src/channels/feishu/card.ts';
import type { Button, Card } from '../../src/channels/message.ts';
import { escaped, inMarkdown, withoutMarkdown } from '../../src/channels/plain.ts';

const evil =
  '<at id=all></at><at user_id="all">所有人</at> ![图](https://evil.example/p.png) [点我](https://evil.example) [点我](//evil.example) https://evil.example/x www.evil.example @_all @all **粗** `码`';
const say: Button = { label: evil, style: 'default', say: evil, action: { name: 'say', args: {} } };
/** A card on which everything that can be somebody's words is theirs. */
const card: Card = {
  id: 'c1',
  title: evil,
  tone: 'bad',
  blocks: [
    { type: 'text', text: evil },
    { type: 'link', text: evil, path: 'https://xiaoqing.example/r/1' },
    { type: 'fields', fields: [{ label: evil, value: evil, name: evil, person: 'feishu:ou_1' }] },
    { type: 'table', columns: [evil], rows: [[evil]], omitted: 2 },
    { type: 'progress', done: 1, total: 2, text: evil },
    { type: 'counts', counts: [{ label: evil, value: 1, tone: 'bad' }] },
  ],
  buttons: [say],
  form: { fields: [{ name: 'a', label: evil, placeholder: evil }], submit: say },
  note: evil,
};

/** What a platform reads as markup. Of what is shown as plain text nothing is. */
function markdownOf(drawn: unknown): string[] {
  if (typeof drawn === 'string') return [drawn];
  const found: string[] = [];
  const open = [drawn];
  while (open.length > 0) {
    const value = open.pop();
    if (value === null || typeof value !== 'object') continue;
    const { tag, content } = value as { tag?: unknown; content?: unknown };
    if (tag === 'markdown') found.push(String(content));
    open.push(...Object.values(value));
  }
  return found;
}

const harmless = (markdown: string): void => {
  const strangers = markdown
    .replace(/\[[^\]]*\]\(https:\/\/xiaoqing\.example\/r\/1\)/g, '') // our own link
    .replaceAll('<at id=ou_1></at>', '') // the person the field is about
    .replace(/<\/?font[^>]*>/g, '');
  expect(strangers).not.toMatch(/<|!\[|\]\(|:\/\/|www\.|@_|@all/);
};

test.each([
  ['a card of Feishu', feishuCard(card)],
  ['the words of a DingTalk card', cardParams(card).markdown],
  ['the small print of a DingTalk card', cardParams(card).note],
  ['a card in markdown', inMarkdown(card)],
  ['a card in a text', withoutMarkdown(inMarkdown(card))],
  ['an answer in markdown', escaped(evil)],
  ['an answer in a text', withoutMarkdown(escaped(evil))],
])('%s mentions nobody, shows no picture, leads nowhere', (_where, drawn) => {
  const markdown = markdownOf(drawn);
  expect(markdown.length).toBeGreaterThan(0);
  for (const text of markdown) harmless(text);
});

describe('what is no markup stays what it was', () => {
  test.each(['A-1093（保温杯）', '11-22（周日）00:00 → 24:00', '¥1,032.00', 'a@b.example', '5 > 3 & 2'])(
    '%s',
    (text) => {
      expect(withoutMarkdown(escaped(text)).replaceAll('＞', '>')).toBe(text);
    },
  );
});
