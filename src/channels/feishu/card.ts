import { phrase } from '../../phrases.ts';
import { fitted } from '../fit.ts';
import type { Block, Card, Field, Tone } from '../message.ts';
import { announced, bar, blockInMarkdown, escaped, fieldText } from '../plain.ts';
import { drawChart } from './chart.ts';
import { drawForm } from './form.ts';

const templates: Readonly<Record<Card['tone'], string>> = {
  neutral: 'blue',
  good: 'green',
  warn: 'orange',
  bad: 'red',
};
const fontColors: Readonly<Record<Tone, string>> = { neutral: '', good: 'green', warn: 'orange', bad: 'red' };
const maxTables = 5;
const maxCharts = 5;
const maxBytes = 28_000;

type Element = Record<string, unknown>;
type Table = Extract<Block, { type: 'table' }>;

const markdown = (content: string): Element => ({ tag: 'markdown', content });

/** A card as Feishu's JSON 2.0. At most 5 tables, 5 charts and 30 KB; what does not fit becomes fewer rows with 「还有 N 条」, or words. */
export function feishuCard(card: Card): Element {
  return fitted(card, draw, maxBytes);
}

function draw(card: Card): Element {
  const room = { table: maxTables, chart: maxCharts };
  const elements = card.blocks.flatMap((block): Element[] => {
    if (block.type !== 'table' && block.type !== 'chart') return [drawBlock(block)];
    room[block.type] -= 1;
    const fits = room[block.type] >= 0;
    if (block.type === 'chart') return [fits ? drawChart(block) : markdown(blockInMarkdown(block))];
    return fits ? drawTable(block) : [markdown(blockInMarkdown(block))];
  });
  if (card.form) elements.push(drawForm(card, card.form));
  if (card.buttons.length > 0)
    elements.push({
      tag: 'column_set',
      flex_mode: 'flow',
      columns: card.buttons.map(({ label, style }, index) => ({
        tag: 'column',
        width: 'auto',
        elements: [
          {
            tag: 'button',
            text: { tag: 'plain_text', content: label },
            type: style,
            behaviors: [{ type: 'callback', value: { card: card.id, button: String(index) } }],
          },
        ],
      })),
    });
  if (card.note) elements.push(markdown(`<font color='grey'>${escaped(card.note)}</font>`));
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: announced(card.title, 200) } },
    header: { title: { tag: 'plain_text', content: card.title }, template: templates[card.tone] },
    body: { elements },
  };
}

function drawBlock(block: Exclude<Block, { type: 'table' | 'chart' }>): Element {
  switch (block.type) {
    case 'text':
      return markdown(escaped(block.text));
    case 'link':
      return markdown(/^https?:/.test(block.path) ? `[${escaped(block.text)}](${block.path})` : escaped(block.text));
    case 'fields':
      return markdown(block.fields.map((field) => `**${escaped(field.label)}**　${fieldValue(field)}`).join('\n'));
    case 'progress':
      return markdown(`${bar(block.done, block.total)}\n${escaped(block.text)}`);
    case 'counts':
      return {
        tag: 'column_set',
        flex_mode: 'none',
        columns: block.counts.map(({ label, value, tone }) => ({
          tag: 'column',
          width: 'weighted',
          weight: 1,
          elements: [markdown(`${figure(value, tone)}\n${escaped(label)}`)],
        })),
      };
  }
}

/** People of this platform by mention, which shows their name; their ids say nothing to anybody. */
function fieldValue(field: Field): string {
  const [, openId] = /^feishu:(ou_\w+)$/.exec(field.person ?? '') ?? [];
  return openId ? `<at id=${openId}></at> ${escaped(field.value)}` : escaped(fieldText(field));
}

function figure(value: number, tone: Tone): string {
  const written = `**${value.toLocaleString('zh-CN')}**`;
  return fontColors[tone] ? `<font color='${fontColors[tone]}'>${written}</font>` : written;
}

function drawTable({ columns, rows, omitted }: Table): Element[] {
  const table = {
    tag: 'table',
    page_size: Math.min(10, Math.max(1, rows.length)),
    columns: columns.map((name, index) => ({ name: `c${index}`, display_name: name, data_type: 'text' })),
    rows: rows.map((row) => Object.fromEntries(row.map((cell, index) => [`c${index}`, cell]))),
  };
  return omitted ? [table, markdown(phrase('channel.omitted', { count: omitted }))] : [table];
}
