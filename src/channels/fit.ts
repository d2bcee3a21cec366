import type { Block, Card } from './message.ts';
import { blockInMarkdown, truncated } from './plain.ts';

type Table = Extract<Block, { type: 'table' }>;

/** Rows of each table that are tried, and characters of its words where even few rows are too many. */
const rowsTried = [50, 20, 10, 5, 2];
const charactersTried = [3000, 1500, 700, 300];
const longestTitle = 200;

/** The most of a card that so many bytes hold: fewer rows with 「还有 N 条」 first, then its words, cut at a character. */
export function fitted<Drawn extends object>(card: Card, draw: (card: Card) => Drawn, maxBytes: number): Drawn {
  const fits = (drawn: Drawn): boolean => Buffer.byteLength(JSON.stringify(drawn)) <= maxBytes;
  for (const rows of rowsTried) {
    const drawn = draw({ ...card, blocks: card.blocks.map((block) => firstRows(block, rows)) });
    if (fits(drawn)) return drawn;
  }
  const words = card.blocks.map((block) => blockInMarkdown(firstRows(block, 2))).join('\n');
  const title = truncated(card.title, longestTitle);
  const cut = (most: number): Drawn =>
    draw({ ...card, title, blocks: [{ type: 'text', text: truncated(words, most) }] });
  return charactersTried.map(cut).find(fits) ?? cut(100);
}

function firstRows(block: Block, most: number): Block {
  if (block.type !== 'table' || block.rows.length <= most) return block;
  const table: Table = { ...block, rows: block.rows.slice(0, most) };
  return { ...table, omitted: (block.omitted ?? 0) + block.rows.length - most };
}
