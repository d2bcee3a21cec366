import { z } from 'zod';
import { dayMs, startOfDay } from '../../shanghai.ts';
import type { ToolContext } from './tool.ts';

/** ISO instants of a half-open window; the model names it by a phrase (`when`) instead. */
export const windowArgs = {
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
};

/** The kind of document by its pipeline's id; without it the one that is meant where nobody names one. */
export const pipelineArgs = { pipeline: z.string().max(100).optional() };

/** The pipeline that is meant. Code: `sync.unknown_pipeline`. */
export const pipelineOf = (
  { pipeline }: { pipeline?: string | undefined },
  { sync }: Pick<ToolContext, 'sync'>,
): string => sync.known(pipeline ?? sync.defaultPipeline);

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
