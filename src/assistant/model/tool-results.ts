import type { Block, Card } from '../../channels/message.ts';
import { phrase } from '../../phrases.ts';
import type { Answer } from '../gate.ts';

/** Of a tool's answer a model reads so much at most: rows of a table, characters of all. */
const mostRows = 40;
const mostCharacters = 8000;

/** A tool's answer as data for the model: it may hold words that strangers wrote. */
export function asData({ reply: { text, card } }: Answer): string {
  const whole = quoted({ text, ...(card ? { card: shortened(card) } : {}) });
  return whole.length <= mostCharacters ? whole : quoted({ text: text.slice(0, mostCharacters) });
}

/** Marks of markup are spelled as JSON allows, so that what strangers wrote does not read like a call of a tool. */
export function quoted(data: unknown): string {
  const text = JSON.stringify({ note: phrase('model.data_note'), data });
  return text.replace(/[<>｜]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function shortened({ title, blocks }: Card): { title: string; blocks: Block[] } {
  return {
    title,
    blocks: blocks.map((block) =>
      block.type === 'table' && block.rows.length > mostRows
        ? {
            ...block,
            rows: block.rows.slice(0, mostRows),
            omitted: block.rows.length - mostRows + (block.omitted ?? 0),
          }
        : block,
    ),
  };
}
