import { z } from 'zod';
import { Decimal } from '../../decimal.ts';
import { documentWords } from '../../documents.ts';
import { money, windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { reconciliationFile } from '../../reports/workbook.ts';
import { dayMs } from '../../shanghai.ts';
import type { Reconciliation } from '../../sync/reconcile/reconciliation.ts';
import { namedRun } from '../../sync/run.ts';
import { pastWindow, type Window } from '../../sync/window.ts';
import { questionCard } from '../cards/question.ts';
import { reconciliationCard } from '../cards/reconciliation.ts';
import { withdrawnIn } from '../cards/withdrawn.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { notAllowed } from '../policy/not-allowed.ts';
import { exceeds, mayUse } from '../policy/roles.ts';
import { pipelineArgs, pipelineOf, windowArgs, windowOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

/** As long as the nightly one takes without being asked. */
const unaskedDays = 7;

/** Compares both sides over a range; the card moves from reading to the verdict. A long one that nobody asked for plainly is asked about. */
export const reconcileSides = defineTool({
  name: 'reconcile',
  least: 'viewer',
  reads: 'long',
  parameters: z.strictObject({ ...windowArgs, ...pipelineArgs, reconciliation: z.string().optional() }),
  answers: { reconcile: (slots) => take(slots, 'start', 'end', 'document') },
  async run(args, context) {
    const { reconciler, message, now, reads } = context;
    const pipeline = pipelineOf(args, context);
    const asked = windowOf(args);
    if (!asked) return said(phrase('reconcile.range_missing'), 'clarify');
    const window = pastWindow(asked, now());
    const days = Math.ceil((window.end.getTime() - window.start.getTime()) / dayMs);
    if (context.mustConfirm && days > unaskedDays) return await askToRead({ pipeline, ...window }, days, context);
    const { person, conversation } = message;
    const others = async (): Promise<number> => {
      const mine = (await reconciler.running()).filter(({ requester }) => requester.person === person);
      // The same once more in the same place joins the one that is on.
      return mine.some((one) => joins(one, { pipeline, ...window }, conversation)) ? 0 : mine.length;
    };
    const reconciliation = await reads.begin(person, others, async () => {
      const begun = await reconciler.begin(pipeline, window, { person, conversation });
      reconciler.start(begun.id);
      return begun;
    });
    return {
      action: 'reply',
      reconciliation: reconciliation.id,
      list: { tool: 'reconcile', args: { reconciliation: reconciliation.id }, offset: 0, total: 0 },
      reply: {
        text: phrase('reconcile.started', {
          ...documentWords(pipeline),
          range: windowLabel(reconciliation.start, reconciliation.end),
        }),
        card: await reconciliationCard(reconciler.findings, reconciliation),
      },
    };
  },
  async file({ reconciliation: id = '' }, { reconciler, sync }) {
    const found = await reconciler.find(id);
    if (found?.state !== 'done') return null;
    const kinds = await reconciler.findings.countsByKind(found);
    const rows = kinds.reduce((sum, { count }) => sum + count, 0);
    return { ...(await reconciliationFile(reconciler, sync.pipelines, found)), rows };
  },
});

type Asked = Window & { pipeline: string };

async function askToRead(
  { pipeline, start, end }: Asked,
  days: number,
  { confirmations, message }: ToolContext,
): Promise<ToolResult> {
  const args = { pipeline, start: start.toISOString(), end: end.toISOString() };
  const id = await confirmations.ask(message, 'reconcile', args);
  const title = phrase('reconcile.confirm_long', { ...documentWords(pipeline), range: windowLabel(start, end), days });
  const text = phrase('reconcile.confirm', { title, minutes: confirmationMinutes });
  return { action: 'confirm', reply: { text, card: questionCard(id, title) } };
}

const joins = ({ pipeline, start, end, requester }: Reconciliation, window: Asked, conversation: string): boolean =>
  pipeline === window.pipeline && requester.conversation === conversation && start <= window.start && window.end <= end;

/** Ends a reconciliation that reads: one's own, or as whoever may stop what is running. */
export const stopReconciliation = defineTool({
  name: 'stop-reconciliation',
  least: 'viewer',
  writes: true,
  parameters: z.strictObject({ reconciliation: z.string() }),
  async run({ reconciliation }, { reconciler, message, roles, sql }) {
    const found = await reconciler.find(reconciliation);
    const role = roles.of(message);
    const least = roles.least('cancel-run', 'operator');
    if (found && found.requester.person !== message.person && !mayUse(role, least))
      throw await notAllowed({ sql, roles }, role, least);
    const stops = await reconciler.requestStop(reconciliation);
    return said(phrase(stops ? 'reconcile.stopping' : 'reconcile.nothing_running'), stops ? 'run' : 'reply');
  },
});

/** Syncs what a reconciliation found missing; many, after a yes, as any other sync of so many. */
export const resyncMissing = defineTool({
  name: 'resync-missing',
  least: 'operator',
  writes: true,
  asks: true,
  parameters: z.strictObject({ reconciliation: z.string() }),
  async run(args, context) {
    const { reconciler, sync, message, now } = context;
    const reconciliation = await reconciler.find(args.reconciliation);
    const found = new Map<string, string>();
    if (reconciliation)
      for await (const batch of reconciler.findings.differences(reconciliation, 'missing_in_target'))
        for (const { key, sourceAmount } of batch) found.set(key, sourceAmount ?? '0');
    if (!reconciliation || found.size === 0) return said(phrase('reconcile.nothing_missing'));
    // What was withdrawn since it was compared is missing because somebody wants it so.
    const withdrawn = await sync.outcomes.withdrawn(reconciliation.pipeline, { keys: [...found.keys()] });
    for (const { key } of withdrawn) found.delete(key);
    const out = withdrawnIn('resync', withdrawn);
    if (found.size === 0) return said(out);
    const question = context.confirmed ? null : await askBefore(reconciliation, found, out, context);
    if (question) return question;
    const requester = { person: message.person, conversation: message.conversation };
    const asked = { pipeline: reconciliation.pipeline, kind: 'sync', trigger: context.trigger, requester } as const;
    const started = await startRun(namedRun(asked, [...found.keys()], now()), context);
    return { ...started, reply: { ...started.reply, text: `${started.reply.text}${out}` } };
  },
});

/** The question before it, where it is large enough for one. `missing` = what each order should come to. */
async function askBefore(
  reconciliation: Reconciliation,
  missing: ReadonlyMap<string, string>,
  out: string,
  { roles, confirmations, message, mustConfirm }: ToolContext,
): Promise<ToolResult | null> {
  const count = missing.size;
  const amount = [...missing.values()].reduce((sum, each) => sum.plus(each), new Decimal(0)).toFixed(2);
  const plan = { orders: count, days: 0, amount };
  const fourEyes = roles.fourEyesAbove !== null && exceeds(plan, roles.fourEyesAbove);
  if (!mustConfirm && !fourEyes && !exceeds(plan, roles.confirmAbove)) return null;
  const args = { reconciliation: reconciliation.id };
  const id = await confirmations.ask(message, 'resync-missing', args, { fourEyes });
  const title = phrase('reconcile.confirm_missing', {
    ...documentWords(reconciliation.pipeline),
    count,
    amount: money(amount),
  });
  const text = `${phrase('reconcile.confirm', { title, minutes: confirmationMinutes })}${out}`;
  return { action: 'confirm', reply: { text, card: questionCard(id, title, [], fourEyes) } };
}
