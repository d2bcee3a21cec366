import { createHash } from 'node:crypto';
import type { Sql } from '../store/sql.ts';
import { maskedText } from './language/masked.ts';
import type { Names } from './language/pieces.ts';
import type { Slots } from './language/slots.ts';
import type { Understanding } from './language/understanding.ts';

/** A sentence and how it was read: what is looked at when somebody says that it was read wrongly. */
export interface Heard {
  id: string;
  /** Masked: it holds no number, name or person. */
  sentence: string;
  intent: string;
  act: string;
  slots: Slots;
  /** What else it may have meant, the likeliest first. */
  others: string[];
}

const likely = 8;

export function heardFrom(text: string, read: Understanding, now: string, names: Names): Heard {
  const sentence = maskedText(text, now, names).slice(0, 200);
  const { intent, slots, why } = read;
  return {
    id: createHash('sha256').update(sentence).digest('hex').slice(0, 12),
    sentence,
    intent,
    act: why.acts[0]?.name ?? 'statement',
    slots,
    others: why.intents.slice(0, likely).flatMap(({ name }) => (name === intent ? [] : [name])),
  };
}

/** Sentences that were read wrongly, to be labelled for the corpus. */
export class Misreads {
  readonly #sql: Sql;
  readonly #now: () => Date;

  constructor(sql: Sql, now: () => Date) {
    this.#sql = sql;
    this.#now = now;
  }

  async report({ sentence, intent, act }: Heard): Promise<void> {
    await this.#sql.query(
      'insert into misreads (sentence, intent, act, at) values ($1, $2, $3, $4) on conflict do nothing',
      [sentence, intent, act, this.#now()],
    );
  }

  /** As lines of the corpus, as they were read: whoever labels them puts intent and act right. */
  async lines(): Promise<string[]> {
    const rows = await this.#sql.query<{ line: string }>(
      `select concat_ws(e'\\t', sentence, intent, act, 'misread') as line from misreads order by id`,
    );
    return rows.map(({ line }) => line);
  }
}
