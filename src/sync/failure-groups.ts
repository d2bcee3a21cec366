import { Decimal } from '../decimal.ts';
import type { FailureCategory } from '../errors.ts';
import type { FailureGroup, StoredError } from './run.ts';

/** A failed document as it is grouped. */
export interface FailureRow {
  key: string;
  category: FailureCategory | null;
  error: StoredError | null;
  amount: string;
  heldBy?: string | null;
  heldUntil?: Date | null;
}

/** Failures by cause, the largest first. */
export function groupFailures(rows: readonly FailureRow[]): FailureGroup[] {
  return [...Map.groupBy(rows, causeOf).values()]
    .map((members) => ({
      category: categoryOf(members[0]),
      ...causesIn(members),
      subjects: [...new Set(members.flatMap((row) => row.error?.subjects ?? []))],
      details: members.flatMap((row) => (row.error?.params ? [row.error.params] : [])),
      held: heldIn(members),
      count: members.length,
      amount: members.reduce((sum, row) => sum.plus(row.amount), new Decimal(0)).toFixed(2),
      orders: members.map((row) => row.key),
    }))
    .sort((a, b) => b.count - a.count || a.category.localeCompare(b.category));
}

const categoryOf = (row?: FailureRow): FailureCategory => row?.category ?? 'unknown';

/** A refusal that only the target's own sentence tells is a cause of its own, whatever numbers the sentence holds. */
function causeOf(row: FailureRow): string {
  const category = categoryOf(row);
  return category === 'vendor_rule' ? `${category} ${row.error?.message.replace(/\d[\d.,]*/g, '#')}` : category;
}

/** One sentence of each kind: a cause can have several, with a remedy each. */
function causesIn(members: readonly FailureRow[]): Pick<FailureGroup, 'message' | 'next'> {
  const kinds = new Map(members.flatMap(({ error }) => (error ? [[error.code, error] as const] : [])));
  const errors = [...kinds.values()];
  return {
    message: errors.map(({ message }) => message).join('；'),
    next: errors.map(({ next }) => next).join('；'),
  };
}

function heldIn(members: readonly FailureRow[]): FailureGroup['held'] {
  const held = members.find((row) => row.heldBy);
  return held?.heldBy ? { by: held.heldBy, until: held.heldUntil ?? null } : null;
}
