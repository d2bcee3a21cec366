import { toIso } from '../../../shanghai.ts';
import type { Answer } from '../../gate.ts';
import type { Shown } from './claims.ts';
import { figuresIn } from './figures.ts';

/** What may be repeated in an answer: what tools reported in this turn, and what the person said themselves. */
export class Evidence {
  readonly #own: string;
  readonly #figures: Set<string>;
  /** What tools have told in this turn. */
  shown: Shown = { all: '', lines: [] };
  /** The latest answer of a tool, and the latest with a card. */
  last: Answer | null = null;
  #carded: Answer | null = null;

  /** `own`: the person's words, and what they point at. */
  constructor(own: readonly string[], now: Date) {
    this.#own = own.join('\n');
    this.#figures = figuresIn([...own, toIso(now)].join('\n'));
  }

  add(answer: Answer): void {
    const lines = linesOf(answer.reply);
    const all = [...this.shown.lines, ...lines];
    this.shown = { all: all.join('\n'), lines: all };
    for (const figure of figuresIn(lines.join('\n'))) this.#figures.add(figure);
    this.last = answer;
    if (answer.reply.card) this.#carded = answer;
  }

  /** Every figure of a sentence is one that somebody who knows has said. */
  bearsOut(sentence: string): boolean {
    return [...figuresIn(sentence)].every((figure) => this.#figures.has(figure));
  }

  knows(word: string): boolean {
    return this.#own.includes(word) || this.shown.all.includes(word);
  }

  /** The card to show beside the words, with what belongs to it. */
  get card(): Pick<Answer, 'run' | 'reconciliation' | 'alerts'> & { card?: Answer['reply']['card'] } {
    const { reply, run, reconciliation, alerts } = this.#carded ?? { reply: {} as Answer['reply'] };
    return {
      ...(reply.card ? { card: reply.card } : {}),
      ...(run ? { run } : {}),
      ...(reconciliation ? { reconciliation } : {}),
      ...(alerts ? { alerts } : {}),
    };
  }
}

/** Every text in an answer; a row of a table and a field are a line each. */
function linesOf({ text, card }: Answer['reply']): string[] {
  const lines = text.split('\n');
  if (!card) return lines;
  lines.push(card.title);
  for (const block of card.blocks) {
    if (block.type === 'text' || block.type === 'link' || block.type === 'progress') lines.push(block.text);
    if (block.type === 'fields') for (const { label, value } of block.fields) lines.push(`${label} ${value}`);
    if (block.type === 'table') for (const row of block.rows) lines.push(row.join(' '));
    if (block.type === 'counts') for (const { label, value } of block.counts) lines.push(`${label} ${value}`);
    if (block.type === 'chart')
      for (const [place, label] of block.labels.entries()) lines.push(`${label} ${block.values[place]}${block.unit}`);
  }
  return lines;
}
