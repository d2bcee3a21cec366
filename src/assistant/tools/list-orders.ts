import { z } from 'zod';
import { failureCategories } from '../../errors.ts';
import { lastReported } from '../../reports/digest.ts';
import { type OrdersAsked, ordersPage, ordersSheet } from '../../reports/orders.ts';
import { sheetFile } from '../../reports/sheet.ts';
import { partsOf } from '../../sync/parts.ts';
import { pastWindow } from '../../sync/window.ts';
import type { Slots } from '../language/slots.ts';
import { goingOn, pageRows } from '../lists.ts';
import { pageArgs, pipelineArgs, pipelineOf, windowArgs, windowOf, yesterday } from './arguments.ts';
import { grouped, placed } from './failures.ts';
import { defineTool, type ToolContext, take } from './tool.ts';

const parameters = z.strictObject({
  ...windowArgs,
  ...pageArgs,
  ...pipelineArgs,
  shop: z.string().max(60).optional(),
  warehouse: z.string().max(60).optional(),
  outcome: z.enum(['written', 'failed', 'cancelled', 'withdrawn', 'unaudited']).optional(),
  category: z.enum(failureCategories).optional(),
});
type Args = Omit<z.infer<typeof parameters>, 'offset'>;

const argsOf = (slots: Slots): Record<string, unknown> => ({
  ...take(slots, 'start', 'end', 'shop', 'warehouse', 'outcome', 'document'),
  ...(slots.errorKind ? { category: slots.errorKind } : {}),
});

/**
 * The orders behind the figures of a report, and those of a shop with how many and how much they are. Without a range those of the report
 * that was last sent here, as 「这 37 单是哪些」 after a digest means; else yesterday's, as in a report. What stands open (cancelled,
 * withdrawn, not audited) is looked for on all days.
 */
export const listOrders = defineTool({
  name: 'list-orders',
  least: 'viewer',
  parameters,
  answers: {
    list_orders: argsOf,
    // Causes are told over all shops: what failed of one is told by its orders.
    list_failures: (slots) => (placed(slots) && !grouped(slots) ? { ...argsOf(slots), outcome: 'failed' } : null),
    // A run is of all shops: how one stands is told by its orders.
    run_status: (slots) => (placed(slots) ? argsOf(slots) : null),
    // What has got into the target is asked for by its own word: no other figure stands in for it.
    report: (slots) => (slots.shop ? { ...argsOf(slots), ...(slots.metric ? { outcome: slots.metric } : {}) } : null),
  },
  async run({ offset = 0, ...args }, context) {
    const { sql, now } = context;
    const asked = await askedFor(args, context);
    const { reply, orders, total, figures } = await ordersPage(sql, asked, { now: now(), offset, limit: pageRows });
    const { start, end } = asked.window ?? {};
    const window = start && end ? { start: start.toISOString(), end: end.toISOString() } : {};
    const shown = { ...args, ...window, pipeline: asked.pipeline };
    const next = { tool: 'list-orders', args: shown, offset: offset + orders.length, total };
    return { action: 'reply', reply: goingOn(reply, next, orders.length), orders, list: next, figures };
  },
  async file({ offset: _offset, ...args }, context) {
    return await sheetFile(await ordersSheet(context.sql, await askedFor(args, context), context.now()));
  },
});

async function askedFor({ start, end, ...only }: Args, context: ToolContext): Promise<OrdersAsked> {
  const { sync, sql, message, now } = context;
  const open = only.outcome !== undefined && only.outcome !== 'written' && only.outcome !== 'failed';
  const said = windowOf({ start, end });
  const reported = said || open ? null : await lastReported(sql, message.conversation, only.pipeline);
  const window = said ?? reported ?? (open ? null : yesterday(now()));
  const meant = pipelineOf({ pipeline: only.pipeline ?? reported?.pipeline }, context);
  const { pipeline } = partsOf(sync.pipelines, meant);
  return {
    ...only,
    pipeline: pipeline.id,
    audits: pipeline.target.after.includes('audit'),
    window: window && pastWindow(window, now()),
  };
}
