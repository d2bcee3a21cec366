import { z } from 'zod';
import { dayMs, startOfDay } from '../../shanghai.ts';

/** ISO instants of a half-open window; the model names it by a phrase (`when`) instead. */
export const windowArgs = {
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
};

/** Where a page of a list begins; on a button it is text. */
export const pageArgs = { offset: z.coerce.number().int().min(0).max(10_000_000).optional() };

export const windowOf = ({
  start,
  end,
}: {
  start?: string | undefined;
  end?: string | undefined;
}): { start: Date; end: Date } | undefined =>
  start && end ? { start: new Date(start), end: new Date(end) } : undefined;

/** What is meant where no range is said. */
export const yesterday = (now: Date): { start: Date; end: Date } => {
  const end = startOfDay(now);
  return { start: new Date(end.getTime() - dayMs), end };
};
