import { z } from 'zod';
import { documentWords } from '../../documents.ts';
import { windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { runFigures } from '../../reports/run-figures.ts';
import { toWall } from '../../shanghai.ts';
import type { KnownDocument } from '../../sync/ledger.ts';
import { namedRun } from '../../sync/run.ts';
import type { SyncService } from '../../sync/service.ts';
import { runCard, what } from '../cards/cards.ts';
import { undoCard, undoQuestion } from '../cards/undo.ts';
import { whoWithdrew } from '../cards/withdrawn.ts';
import { documentsNamed, each, whichKind } from '../which-document.ts';
import { pipelineArgs, windowArgs, windowOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, take } from './tool.ts';

/** Runs that are looked through for one of the days that were asked for. */
const lookedThrough = 50;

/** The run that is on, or the latest one; of a range, the latest that had to do with it. */
export const runStatus = defineTool({
  name: 'run-status',
  least: 'viewer',
  parameters: z.strictObject({ ...windowArgs, ...pipelineArgs }),
  answers: { run_status: (slots) => take(slots, 'start', 'end', 'document') },
  async run(args, { sync, sql, now }) {
    const asked = windowOf(args);
    const runs = await sync.runs.recent(lookedThrough, args.pipeline);
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
  parameters: z.strictObject({
    ...pipelineArgs,
    order: z.string().optional(),
    orders: z.array(z.string()).max(200).optional(),
  }),
  answers: { order_status: (slots) => take(slots, 'orders', 'document') },
  async run({ pipeline, order, orders = order ? [order] : [] }, { sync }) {
    if (orders.length === 0) return said(phrase('replies.ask.which_order'), 'clarify');
    const lines: string[] = [];
    for (const { number, found } of await documentsNamed(orders.slice(0, toldOf), pipeline, sync)) {
      if (found.length === 0) lines.push(phrase('replies.order_unknown', { order: number }));
      for (const document of found) lines.push(await whereIs(document, sync));
    }
    const omitted = orders.length - Math.min(orders.length, toldOf);
    const text = [...lines, ...(omitted > 0 ? [phrase('channel.omitted', { count: omitted })] : [])].join('\n');
    return { ...said(text), orders };
  },
});

async function whereIs(document: KnownDocument, sync: SyncService): Promise<string> {
  const { pipeline } = document;
  const { cleaned = [] } = document.order;
  const [out] = await sync.outcomes.withdrawn(pipeline, { keys: [document.key] });
  return phrase('replies.order_status', {
    ...documentWords(pipeline),
    order: document.key,
    number: document.billNumber,
    state: phrase(`replies.document.${document.state}`),
    shop: document.order.shopName || document.order.shopId,
    why: [
      ...(out
        ? [phrase('withdrawn.order', { by: whoWithdrew([out]), at: toWall(out.at).slice(5, 16), order: document.key })]
        : []),
      ...(document.error ? [`${document.error.message}。${document.error.next}`] : []),
      ...(cleaned.length > 0
        ? [phrase('replies.order_cleaned', { fields: sync.labels(pipeline, cleaned).join('、') })]
        : []),
    ].join(''),
  });
}

/** Takes the bills of orders back out of the target, after a yes, and writes them anew where that was said; one by one, never a range. */
export const undoOrder = defineTool({
  name: 'undo-order',
  least: 'admin',
  asks: true,
  parameters: z.strictObject({
    ...pipelineArgs,
    orders: z.array(z.string()).min(1).max(mostUndone),
    again: z.boolean().optional(),
  }),
  answers: { undo: (slots) => take(slots, 'orders', 'document', 'again') },
  async run({ pipeline: meant, orders, again = false }, context) {
    const { sync, message, now } = context;
    const named = await documentsNamed(orders, meant, sync);
    const documents = each(named).filter(({ targetId }) => targetId !== null);
    const absent = named.filter(({ found }) => found.every(({ targetId }) => targetId === null));
    const nothing =
      absent.length > 0
        ? phrase('replies.nothing_to_undo', { order: absent.map(({ number }) => number).join('、') })
        : '';
    const [first] = documents;
    if (!first) return { action: 'reply', reply: { text: nothing } };
    const question = whichKind('undo', documents);
    if (question) return question;
    const { pipeline } = first;
    const keys = documents.map(({ key }) => key);
    if (context.confirmed) {
      const requester = { person: message.person, conversation: message.conversation };
      const run = namedRun({ pipeline, kind: 'undo', trigger: context.trigger, requester }, keys, now());
      const filters = { ...run.filters, ...(again ? { again: true as const } : {}) };
      return await startRun({ ...run, filters }, context);
    }
    const id = await context.confirmations.ask(message, 'undo-order', { pipeline, orders: keys, again });
    return {
      action: 'confirm',
      reply: { text: `${nothing}${undoQuestion(documents, again)}`, card: undoCard(id, documents, nothing, again) },
    };
  },
});
