import { z } from 'zod';
import { report as reportOf } from '../../reports/digest.ts';
import { type Asked, askedOf, type GroupBy } from '../../reports/figures.ts';
import { reportPage, reportSheet } from '../../reports/report-pages.ts';
import { sheetFile } from '../../reports/sheet.ts';
import { dayMs } from '../../shanghai.ts';
import { partsOf } from '../../sync/parts.ts';
import { pastWindow } from '../../sync/window.ts';
import { goingOn, pageRows } from '../lists.ts';
import { pageArgs, pipelineArgs, pipelineOf, windowArgs, windowOf, yesterday } from './arguments.ts';
import { grouped } from './failures.ts';
import { defineTool, type ToolContext, take } from './tool.ts';

const parameters = z.strictObject({
  ...windowArgs,
  ...pageArgs,
  ...pipelineArgs,
  groupBy: z.enum(['shop', 'warehouse', 'day', 'week', 'month', 'sku', 'reason']).optional(),
  top: z.coerce.number().int().min(1).max(50).optional(),
  metric: z.enum(['written', 'unaudited', 'withdrawn', 'cancelled']).optional(),
});
type Args = Omit<z.infer<typeof parameters>, 'offset'>;

/** A month of days fits. */
const groupsAtFirst = 31;

/** Orders, amounts and success of a range by shop, warehouse, day, SKU or cause. Without a range: yesterday. */
export const report = defineTool({
  name: 'report',
  least: 'viewer',
  parameters,
  answers: {
    report: (slots) => (slots.shop ? null : take(slots, 'start', 'end', 'groupBy', 'top', 'metric', 'document')),
    list_failures: (slots) => (grouped(slots) ? take(slots, 'start', 'end', 'groupBy', 'top', 'document') : null),
  },
  async run({ offset = 0, ...args }, context) {
    const { sql, now } = context;
    const { asked, by } = askedFor(args, context);
    const { metric, top = groupsAtFirst } = args;
    const range = { start: asked.start.toISOString(), end: asked.end.toISOString() };
    const list = { tool: 'report', args: { ...args, ...range, groupBy: by } };
    if (offset > 0) {
      const page = { by, metric, now: now(), offset, limit: pageRows };
      const { reply, rows, total, figures } = await reportPage(sql, asked, page);
      const next = { ...list, offset: offset + rows, total };
      return { action: 'reply', reply: goingOn(reply, next, rows), list: next, figures };
    }
    const { groups, reply, figures } = await reportOf(sql, asked, { by, top, now: now(), metric });
    const next = { ...list, offset: Math.min(top, groups), total: groups };
    return { action: 'reply', reply, list: next, figures };
  },
  async file({ offset: _offset, ...args }, context) {
    const { asked, by } = askedFor(args, context);
    return await sheetFile(await reportSheet(context.sql, asked, by, context.now()));
  },
});

function askedFor(args: Args, context: ToolContext): { asked: Asked; by: GroupBy } {
  const { sync, now } = context;
  const window = pastWindow(windowOf(args) ?? yesterday(now()), now());
  const days = (window.end.getTime() - window.start.getTime()) / dayMs;
  const asked = askedOf(partsOf(sync.pipelines, pipelineOf(args, context)).pipeline, window);
  return { asked, by: args.groupBy ?? (days > 1.5 ? 'day' : 'shop') };
}
