import { phrase } from '../../phrases.ts';
import type { Block, Card } from '../message.ts';
import { bar, escaped, truncated } from '../plain.ts';

const templates: Readonly<Record<Card['tone'], string>> = {
  neutral: 'blue',
  good: 'green',
  warn: 'orange',
  bad: 'red',
};
const styles: Readonly<Record<string, string>> = { primary: 'primary', default: 'default', danger: 'danger' };
const maxTables = 5;
const maxBytes = 28_000;

type Element = Record<string, unknown>;

const markdown = (content: string): Element => ({ tag: 'markdown', content });

/** A card as Feishu's JSON 2.0. At most 5 tables and 30 KB; what does not fit becomes fewer rows with 「还有 N 条」. */
export function feishuCard(card: Card): Element {
  for (const rows of [50, 20, 10, 5, 2]) {
    const drawn = draw(card, rows);
    if (Buffer.byteLength(JSON.stringify(drawn)) <= maxBytes) return drawn;
  }
  return draw({ ...card, blocks: [{ type: 'text', text: truncated(card.title, 500) }] }, 1);
}

function draw(card: Card, rows: number): Element {
  let tables = 0;
  const elements = card.blocks.flatMap((block): Element[] => {
    if (block.type !== 'table') return drawBlock(block);
    tables += 1;
    return tables <= maxTables
      ? drawTable(block, rows)
      : drawBlock({ type: 'text', text: block.rows.map((row) => row.join(' · ')).join('\n') });
  });
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
            type: styles[style] ?? 'default',
            behaviors: [{ type: 'callback', value: { card: card.id, button: String(index) } }],
          },
        ],
      })),
    });
  if (card.note) elements.push(markdown(`<font color='grey'>${escaped(card.note)}</font>`));
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: card.title } },
    header: { title: { tag: 'plain_text', content: card.title }, template: templates[card.tone] },
    body: { elements },
  };
}

function drawBlock(block: Exclude<Block, { type: 'table' }>): Element[] {
  switch (block.type) {
    case 'text':
      return [markdown(escaped(block.text))];
    case 'link':
      return [markdown(/^https?:/.test(block.path) ? `[${escaped(block.text)}](${block.path})` : escaped(block.text))];
    case 'fields':
      return [markdown(block.fields.map(({ label, value }) => `**${escaped(label)}**　${escaped(value)}`).join('\n'))];
    case 'progress':
      return [markdown(`${bar(block.done, block.total)}\n${escaped(block.text)}`)];
    case 'counts':
      return [
        {
          tag: 'column_set',
          flex_mode: 'none',
          columns: block.counts.map(({ label, value }) => ({
            tag: 'column',
            width: 'weighted',
            weight: 1,
            elements: [markdown(`**${value}**\n${escaped(label)}`)],
          })),
        },
      ];
    case 'chart':
      return [
        {
          tag: 'chart',
          aspect_ratio: '16:9',
          chart_spec: {
            type: block.kind,
            title: { text: block.title },
            data: { values: block.labels.map((label, index) => ({ label, value: block.values[index] ?? 0 })) },
            xField: 'label',
            yField: 'value',
            label: { visible: true },
          },
        },
      ];
  }
}

function drawTable(block: Extract<Block, { type: 'table' }>, most: number): Element[] {
  const shown = block.rows.slice(0, most);
  const left = block.rows.length - shown.length + (block.omitted ?? 0);
  const table = {
    tag: 'table',
    page_size: Math.min(10, Math.max(1, shown.length)),
    columns: block.columns.map((name, index) => ({ name: `c${index}`, display_name: name, data_type: 'text' })),
    rows: shown.map((row) => Object.fromEntries(row.map((cell, index) => [`c${index}`, cell]))),
  };
  return left > 0 ? [table, markdown(phrase('channel.omitted', { count: left }))] : [table];
}
