import { AppError } from '../../errors.ts';
import { parseExact } from '../../json.ts';

/** What both routes need around a call. */
export interface Wire {
  now: () => Date;
  timeoutMs: number;
  /** Waits for this route's turn. */
  pace: () => Promise<void>;
}

/** One page as both routes answer it. */
export interface Answer {
  rows: unknown[];
  dataCount: number | null;
  hasNext: boolean | null;
}

export function readAnswer(body: Record<string, unknown>): Answer {
  const rows = body.datas ?? [];
  if (!Array.isArray(rows)) throw new AppError('jushuitan.malformed', 'transient', { category: 'transport' });
  const count = Number(body.data_count ?? Number.NaN);
  const hasNext = body.has_next;
  return {
    rows,
    dataCount: Number.isInteger(count) ? count : null,
    hasNext: typeof hasNext === 'boolean' ? hasNext : typeof hasNext === 'string' ? hasNext === 'true' : null,
  };
}

/** A JSON object with numbers kept as text. Order notes carry raw control characters now and then, which JSON does not allow. */
export function parseBody(text: string): Record<string, unknown> {
  try {
    const value = parseExact(text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, ''));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // the same complaint as for a body that is no object
  }
  throw new AppError('jushuitan.malformed', 'transient', { category: 'transport' });
}
