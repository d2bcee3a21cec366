import { z } from 'zod';
import type { Card } from '../../channels/message.ts';
import { money, someOf, windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { dayMs } from '../../shanghai.ts';
import type { Preview } from '../../sync/preview.ts';
import type { RunRequest } from '../../sync/run.ts';
import { pastWindow } from '../../sync/window.ts';
import { confirmCard, countingCard, previewCard, runCard, what } from '../cards/cards.ts';
import { withdrawnIn } from '../cards/withdrawn.ts';
import { shopNames } from '../names.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { exceeds } from '../policy/roles.ts';
import { documentsNamed, each } from '../which-document.ts';
import { pipelineArgs, pipelineOf, windowArgs, windowOf } from './arguments.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

const parameters = z.strictObject({
  ...windowArgs,
  ...pipelineArgs,
  by: z.enum(['io_date', 'modified']).optional(),
  orders: z.array(z.string()).optional(),
  shop: z.string().optional(),
  excludeShop: z.string().optional(),
  warehouse: z.string().optional(),
  sku: z.string().optional(),
  preview: z.boolean().optional(),
});
type Args = z.infer<typeof parameters>;

/** So many shops are named where one is not found. */
const mostShops = 6;

/** Up to so many source pages a confirmation is counted to the cent before it is shown. */
const exactPages = 20;

/** Moves the orders of a range, or named ones, into the target. Above the limits it asks first; a preview writes nothing. */
export const syncOrders = defineTool({
  name: 'sync-orders',
  least: 'operator',
  asks: true,
  parameters,
  answers: {
    sync: (slots) => ({
      ...take(slots, 'start', 'end', 'orders', 'shop', 'excludeShop', 'warehouse', 'sku', 'document'),
      ...(slots.dryRun ? { preview: true } : {}),
    }),
  },
  async run(asked, context) {
    if (!windowOf(asked) && !asked.orders) return said(phrase('replies.ask.range_missing'), 'clarify');
    const args = { ...asked, pipeline: await pipelineOfThese(asked, context) };
    const request = requestOf(args, context);
    if (context.confirmed) return await startRun(request, context);
    const range = what(request, (start, end) => windowLabel(start, end, context.now()));
    const pageSize = context.sync.pipelines.get(request.pipeline)?.pipeline.source.page_size ?? 50;
    const rows = args.preview ? null : await context.sync.count(request);
    if (rows !== null && rows > exactPages * pageSize) return await askAhead(args, request, rows, context);
    const view = await context.reads.run(context.message.person, () => context.sync.preview(request));
    if (view.run.error) return said(`${view.run.error.message}。${view.run.error.next}`);
    const { counts, totals, withdrawn } = view;
    if (counts.fetched === 0) return said(await nothingThere(range, args, context));
    if (withdrawn.length === counts.fetched) return said(withdrawnIn('all', withdrawn, { range }));
    if (args.preview) {
      const { planned, existing, failed } = counts;
      const words = { range, planned, existing, failed, others: withdrawnIn('preview', withdrawn) };
      const text = phrase('replies.preview', words);
      return { action: 'reply', reply: { text, card: previewCard(view) } };
    }
    const plan = { orders: counts.fetched, days: daysOf(args, request), amount: totals.amount };
    const { confirmAbove, fourEyesAbove } = context.roles;
    const fourEyes = fourEyesAbove !== null && exceeds(plan, fourEyesAbove);
    if (!context.mustConfirm && !fourEyes && !exceeds(plan, confirmAbove)) return await startRun(request, context);
    const id = await context.confirmations.ask(context.message, 'sync-orders', args, { fourEyes });
    const text = phrase('replies.confirm', {
      range,
      count: counts.fetched,
      amount: money(totals.amount),
      planned: counts.planned,
      existing: counts.existing,
      others: [
        ...(counts.failed > 0 ? [phrase('replies.confirm_failing', { count: counts.failed })] : []),
        ...(counts.skipped > withdrawn.length
          ? [phrase('replies.confirm_skipped', { count: counts.skipped - withdrawn.length })]
          : []),
        withdrawnIn('preview', withdrawn),
      ].join(''),
    });
    return { action: 'confirm', reply: { text, card: cardOf(id, view, fourEyes) } };
  },
});

/** Where a shop was named, those there are: it may go by another name. */
async function nothingThere(range: string, { shop }: Args, { sql }: ToolContext): Promise<string> {
  const known = shop ? await shopNames(sql) : [];
  if (known.length === 0) return phrase('replies.nothing_there', { range });
  return phrase('replies.nothing_of_shop', { range, shops: someOf(known, mostShops) });
}

/** Too many to count before answering: the number at once, amount and details on the same card when they are known. */
async function askAhead(args: Args, request: RunRequest, rows: number, context: ToolContext): Promise<ToolResult> {
  const { message, confirmations, sync, show, onError, roles, reads } = context;
  const plan = { orders: rows, days: daysOf(args, request), amount: '0' };
  // The amount is not known yet: a limit on it has to be taken as passed.
  const { fourEyesAbove } = roles;
  const fourEyes = fourEyesAbove !== null && (exceeds(plan, fourEyesAbove) || Number.isFinite(fourEyesAbove.amount));
  const id = await confirmations.ask(message, 'sync-orders', args, { fourEyes });
  // Without it the question stands all the same, with the number alone.
  reads
    .run(message.person, () => sync.preview(request))
    .then(async (view) => {
      if (view.run.error === null && (await confirmations.peek(message, id)))
        show(message.conversation, cardOf(id, view, fourEyes));
    })
    .catch((error: unknown) => onError(error, 'counting'));
  const text = phrase('replies.confirm_counting', { range: what(request, windowLabel), count: rows });
  const card = countingCard(id, request, { rows, minutes: confirmationMinutes, fourEyes });
  return { action: 'confirm', reply: { text, card } };
}

const cardOf = (id: string, view: Preview, fourEyes: boolean): Card =>
  confirmCard(id, view, { minutes: confirmationMinutes, fourEyes });

const daysOf = (args: Args, { start, end }: RunRequest): number =>
  args.orders ? 0 : Math.ceil((end.getTime() - start.getTime()) / dayMs);

/** The pipeline that is named; else the only one that knows these numbers; else the one that is meant where nobody names one. */
async function pipelineOfThese({ pipeline, orders = [] }: Args, context: ToolContext): Promise<string> {
  const kinds = new Set(
    pipeline ? [] : each(await documentsNamed(orders, undefined, context.sync)).map((one) => one.pipeline),
  );
  const [only] = kinds;
  return pipelineOf({ pipeline: kinds.size === 1 ? only : pipeline }, context);
}

function requestOf(args: Args & { pipeline: string }, { message, now, trigger }: ToolContext): RunRequest {
  const today = now();
  const asked = windowOf(args);
  const window = asked ? pastWindow(asked, today) : { start: new Date(today.getTime() - dayMs), end: today };
  return {
    pipeline: args.pipeline,
    kind: 'sync',
    trigger,
    by: args.by ?? 'io_date',
    ...window,
    filters: {
      ...(args.orders ? { numbers: args.orders } : {}),
      ...(args.shop ? { shop: args.shop } : {}),
      ...(args.warehouse ? { warehouse: args.warehouse } : {}),
      ...(args.sku ? { sku: args.sku } : {}),
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
      text: phrase(joined ? 'replies.joined' : run.kind === 'undo' ? 'replies.started_undo' : 'replies.started', {
        range: what(run, windowLabel),
      }),
      card,
    },
  };
}
