import { z } from 'zod';
import { windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { runFigures } from '../../reports/run-figures.ts';
import { toWall } from '../../shanghai.ts';
import { namedRun } from '../../sync/run.ts';
import type { SyncService } from '../../sync/service.ts';
import { runCard, what } from '../cards/cards.ts';
import { undoCard, undoQuestion } from '../cards/undo.ts';
import { whoWithdrew } from '../cards/withdrawn.ts';
import { windowArgs, windowOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, take } from './tool.ts';

/** Runs that are looked through for one of the days that were asked for. */
const lookedThrough = 50;

/** The run that is on, or the latest one; of a range, the latest that had to do with it. */
export const runStatus = defineTool({
  name: 'run-status',
  least: 'viewer',
  parameters: z.strictObject(windowArgs),
  answers: { run_status: (slots) => take(slots, 'start', 'end') },
  async run(args, { sync, sql, now }) {
    const asked = windowOf(args);
    const runs = await sync.runs.recent(lookedThrough);
    const run = runs.find(({ start, end }) => !asked || (start < asked.end && end > asked.start));
    if (!run && asked && runs.length > 0)
      return said(phrase('replies.no_runs_of', { range: windowLabel(asked.start, asked.end) }));
    if (!run) return said(phrase('replies.no_runs'));
    const view = await sync.view(run.id);
    const text = phrase(run.kind === 'undo' ? 'replies.undo_status' : 'replies.run_status', {
      range: what(run, windowLabel),
      state: phrase(`replies.state.${run.state}`),
      ...view.counts,
    });
    const figures = await runFigures(sql, view, now());
    return { action: 'reply', run, reply: { text, card: runCard(view, now()) }, figures };
  },
});

/** Stops a run at its next page or batch; what is written stays. */
export const cancelRun = defineTool({
  name: 'cancel-run',
  least: 'operator',
  parameters: z.strictObject({ run: z.string().optional() }),
  answers: { cancel_run: () => ({}) },
  async run({ run: id }, { sync, reconciler, message }) {
    const run = id ? await sync.runs.find(id) : (await sync.runs.active())[0];
    const [reading] = run ? [] : await reconciler.running();
    if (reading && (await reconciler.requestStop(reading.id))) return said(phrase('reconcile.stopping'));
    if (!run || !(await sync.runs.requestCancel(run.id, message.person)))
      return { action: 'reply', reply: { text: phrase('replies.nothing_running') } };
    return { action: 'run', reply: { text: phrase('replies.stopping', { range: what(run, windowLabel) }) } };
  },
});

/** Bills taken out by one yes, each of which is named in the question. */
const mostUndone = 20;

/** Orders that are told of one by one. */
const toldOf = 10;

/** Where an order is, or each of several. */
export const orderStatus = defineTool({
  name: 'order-status',
  least: 'viewer',
  parameters: z.strictObject({ order: z.string().optional(), orders: z.array(z.string()).max(200).optional() }),
  answers: { order_status: (slots) => take(slots, 'orders') },
  async run({ order, orders = order ? [order] : [] }, { sync }) {
    if (orders.length === 0) return said(phrase('replies.ask.which_order'), 'clarify');
    const lines: string[] = [];
    for (const one of orders.slice(0, toldOf)) lines.push(await whereIs(one, sync));
    const omitted = orders.length - lines.length;
    const text = [...lines, ...(omitted > 0 ? [phrase('channel.omitted', { count: omitted })] : [])].join('\n');
    return { ...said(text), orders };
  },
});

async function whereIs(order: string, sync: SyncService): Promise<string> {
  const document = await sync.ledger.document(sync.defaultPipeline, order);
  if (!document) return phrase('replies.order_unknown', { order });
  const { cleaned = [] } = document.order;
  const [out] = await sync.outcomes.withdrawn(sync.defaultPipeline, { keys: [document.key] });
  return phrase('replies.order_status', {
    order: document.key,
    number: document.billNumber,
    state: phrase(`replies.document.${document.state}`),
    shop: document.order.shopName,
    why: [
      ...(out
        ? [phrase('withdrawn.order', { by: whoWithdrew([out]), at: toWall(out.at).slice(5, 16), order: document.key })]
        : []),
      ...(document.error ? [`${document.error.message}。${document.error.next}`] : []),
      ...(cleaned.length > 0
        ? [phrase('replies.order_cleaned', { fields: sync.labels(sync.defaultPipeline, cleaned).join('、') })]
        : []),
    ].join(''),
  });
}

/** Takes the bills of orders back out of the target, after a yes; one by one, never a range. */
export const undoOrder = defineTool({
  name: 'undo-order',
  least: 'admin',
  asks: true,
  parameters: z.strictObject({ orders: z.array(z.string()).min(1).max(mostUndone) }),
  answers: { undo: (slots) => take(slots, 'orders') },
  async run({ orders }, context) {
    const { sync, message, now } = context;
    const pipeline = sync.defaultPipeline;
    const found = await Promise.all(orders.map((order) => sync.ledger.document(pipeline, order)));
    const documents = found.flatMap((document) => (document?.targetId ? [document] : []));
    const absent = orders.filter((_, at) => !found[at]?.targetId);
    const nothing = absent.length > 0 ? phrase('replies.nothing_to_undo', { order: absent.join('、') }) : '';
    if (documents.length === 0) return { action: 'reply', reply: { text: nothing } };
    const keys = documents.map(({ key }) => key);
    if (context.confirmed) {
      const requester = { person: message.person, conversation: message.conversation };
      const run = namedRun({ pipeline, kind: 'undo', trigger: context.trigger, requester }, keys, now());
      return await startRun(run, context);
    }
    const id = await context.confirmations.ask(message, 'undo-order', { orders: keys });
    return {
      action: 'confirm',
      reply: { text: `${nothing}${undoQuestion(documents)}`, card: undoCard(id, documents, nothing) },
    };
  },
});
