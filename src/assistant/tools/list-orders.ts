import { z } from 'zod';
import { failureCategories } from '../../errors.ts';
import { lastReported } from '../../reports/digest.ts';
import { ordersReply } from '../../reports/orders.ts';
import { pastWindow } from '../../sync/window.ts';
import { windowArgs, windowOf, yesterday } from './arguments.ts';
import { defineTool, take } from './tool.ts';

/**
 * The orders behind the figures of a report, and those of a shop with how many and how much they are. Without a range those of the report that was last sent here, as 「这 37 单是哪些」 after
 * a digest means; else yesterday's, as in a report.
 */
export const listOrders = defineTool({
  name: 'list-orders',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({
    ...windowArgs,
    shop: z.string().max(60).optional(),
    warehouse: z.string().max(60).optional(),
    outcome: z.enum(['written', 'failed']).optional(),
    category: z.enum(failureCategories).optional(),
  }),
  answers: {
    report: (slots) =>
      slots.list || slots.shop
        ? {
            ...take(slots, 'start', 'end', 'shop', 'warehouse', 'outcome'),
            ...(slots.errorKind ? { category: slots.errorKind } : {}),
          }
        : null,
  },
  async run(args, { sync, sql, message, now }) {
    const window = windowOf(args) ?? (await lastReported(sql, message.conversation)) ?? yesterday(now());
    const { start: _start, end: _end, ...only } = args;
    const asked = { ...only, pipeline: sync.defaultPipeline, ...pastWindow(window, now()) };
    return { action: 'reply', reply: await ordersReply(sql, asked) };
  },
});
