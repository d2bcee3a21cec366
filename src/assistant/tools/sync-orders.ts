import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { dayMs } from '../../shanghai.ts';
import type { RunRequest } from '../../sync/run.ts';
import { pastWindow } from '../../sync/window.ts';
import { confirmCard, previewCard, runCard } from '../cards.ts';
import { money, windowLabel } from '../format.ts';
import { confirmationMinutes, defaultLimits, needsConfirmation } from '../policy.ts';
import { defineTool, type ToolContext, type ToolResult, windowArgs } from './tool.ts';

const parameters = z.strictObject({
  start: windowArgs.start.optional(),
  end: windowArgs.end.optional(),
  orders: z.array(z.string()).optional(),
  shop: z.string().optional(),
  excludeShop: z.string().optional(),
  preview: z.boolean().optional(),
});
type Args = z.infer<typeof parameters>;

/** Moves the orders of a range, or named ones, into the target. Above the limits it asks first; a preview writes nothing. */
export const syncOrders = defineTool({
  name: 'sync-orders',
  least: 'operator',
  writes: true,
  parameters,
  async run(args, context) {
    const request = requestOf(args, context);
    if (context.confirmed) return await startRun(request, context);
    const view = await context.sync.preview(request);
    if (view.run.error)
      return { action: 'reply', reply: { text: `${view.run.error.message}。${view.run.error.next}` } };
    const { counts, totals } = view;
    const label = windowLabel(view.run.start, view.run.end);
    if (args.preview) {
      const text = phrase('replies.preview', {
        range: label,
        planned: counts.planned,
        existing: counts.existing,
        failed: counts.failed,
      });
      return { action: 'reply', reply: { text, card: previewCard(view) } };
    }
    if (counts.fetched === 0)
      return { action: 'reply', reply: { text: phrase('replies.nothing_there', { range: label }) } };
    const days = args.orders ? 0 : Math.ceil((request.end.getTime() - request.start.getTime()) / dayMs);
    if (!needsConfirmation({ orders: counts.fetched, days, amount: totals.amount }, defaultLimits))
      return await startRun(request, context);
    const id = randomUUID();
    await context.confirmations.ask(context.message, id, 'sync-orders', args);
    const cancelled = (await context.sync.ledger.cancelled(request.pipeline)).length;
    const text = phrase('replies.confirm', {
      range: label,
      count: counts.fetched,
      amount: money(totals.amount),
      planned: counts.planned,
      existing: counts.existing,
    });
    return { action: 'confirm', reply: { text, card: confirmCard(id, view, confirmationMinutes, cancelled) } };
  },
});

function requestOf(args: Args, { message, sync, now }: ToolContext): RunRequest {
  const today = now();
  const window =
    args.start && args.end
      ? pastWindow({ start: new Date(args.start), end: new Date(args.end) }, today)
      : { start: new Date(today.getTime() - dayMs), end: today };
  return {
    pipeline: [...sync.pipelines.keys()][0] ?? '',
    kind: 'sync',
    trigger: message.person.startsWith('web:') ? 'page' : 'chat',
    by: 'io_date',
    ...window,
    filters: {
      ...(args.orders ? { keys: args.orders } : {}),
      ...(args.shop ? { shop: args.shop } : {}),
      ...(args.excludeShop ? { excludeShop: args.excludeShop } : {}),
    },
    requester: { person: message.person, conversation: message.conversation },
  };
}

/** Queues the run and answers with the card that will move. */
export async function startRun(request: RunRequest, { sync, now }: ToolContext): Promise<ToolResult> {
  const { run, joined } = await sync.start(request);
  const card = runCard(await sync.view(run.id), now());
  return {
    action: 'run',
    run,
    reply: {
      text: phrase(joined ? 'replies.joined' : 'replies.started', { range: windowLabel(run.start, run.end) }),
      card,
    },
  };
}
