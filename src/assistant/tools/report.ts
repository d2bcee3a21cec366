import { z } from 'zod';
import { report as reportOf } from '../../reports/digest.ts';
import type { GroupBy } from '../../reports/figures.ts';
import { dayMs } from '../../shanghai.ts';
import { pastWindow } from '../../sync/window.ts';
import { windowArgs, windowOf, yesterday } from './arguments.ts';
import { defineTool, take } from './tool.ts';

const groupBy = z.enum(['shop', 'warehouse', 'day', 'week', 'month', 'sku', 'reason']);

/** Orders, amounts and success of a range by shop, warehouse, day, SKU or cause. Without a range: yesterday. */
export const report = defineTool({
  name: 'report',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({
    ...windowArgs,
    groupBy: groupBy.optional(),
    top: z.number().int().min(1).max(50).optional(),
  }),
  answers: { report: (slots) => (slots.list || slots.shop ? null : take(slots, 'start', 'end', 'groupBy', 'top')) },
  async run(args, { sync, sql, now }) {
    const window = pastWindow(windowOf(args) ?? yesterday(now()), now());
    const days = (window.end.getTime() - window.start.getTime()) / dayMs;
    const by: GroupBy = args.groupBy ?? (days > 1.5 ? 'day' : 'shop');
    const reply = await reportOf(sql, { pipeline: sync.defaultPipeline, ...window }, { by, top: args.top ?? 31 });
    return { action: 'reply', reply };
  },
});
