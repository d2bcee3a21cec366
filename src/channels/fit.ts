import type { Card } from './message.ts';
import { blockInMarkdown, truncated } from './plain.ts';

/** Rows of each table that are tried, before the text itself is cut. */
const rowsTried = [50, 20, 10, 5, 2];

/** The most of a card that a body of so many bytes holds: fewer rows with 「还有 N 条」 first, then its words, cut at a character. */
export function fitted(card: Card, body: (card: Card) => string, maxBytes: number): string {
  for (const rows of rowsTried) {
    const text = body(withRows(card, rows));
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  const words = withRows(card, 2).blocks.map(blockInMarkdown).join('\n');
  for (let most = 4000; ; most = Math.floor(most / 2)) {
    const short: Card = {
      ...card,
      title: truncated(card.title, 200),
      blocks: [{ type: 'text', text: truncated(words, most) }],
    };
    const text = body(short);
    if (Buffer.byteLength(text) <= maxBytes || most < 100) return text;
  }
}

function withRows(card: Card, most: number): Card {
  const blocks = card.blocks.map((block) => {
    if (block.type !== 'table' || block.rows.length <= most) return block;
    const omitted = (block.omitted ?? 0) + block.rows.length - most;
    return { ...block, rows: block.rows.slice(0, most), omitted };
  });
  return { ...card, blocks };
}
