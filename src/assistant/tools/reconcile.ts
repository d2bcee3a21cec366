import { z } from 'zod';
import { money, windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import type { Reconciliation } from '../../sync/reconcile/reconciliation.ts';
import { namedRun } from '../../sync/run.ts';
import { pastWindow } from '../../sync/window.ts';
import { questionCard } from '../cards/question.ts';
import { reconciliationCard } from '../cards/reconciliation.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { exceeds } from '../policy/roles.ts';
import { windowArgs, windowOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

/** Compares both sides over a range; the card moves from reading to the verdict. */
export const reconcileSides = defineTool({
  name: 'reconcile',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({ ...windowArgs }),
  answers: { reconcile: (slots) => take(slots, 'start', 'end') },
  async run(args, { reconciler, sync, message, now }) {
    const asked = windowOf(args);
    if (!asked) return said(phrase('reconcile.range_missing'), 'clarify');
    const window = pastWindow(asked, now());
    const { person, conversation } = message;
    const reconciliation = await reconciler.begin(sync.defaultPipeline, window, { person, conversation });
    reconciler.start(reconciliation.id);
    return {
      action: 'reply',
      reconciliation: reconciliation.id,
      reply: {
        text: phrase('reconcile.started', { range: windowLabel(reconciliation.start, reconciliation.end) }),
        card: await reconciliationCard(reconciler.findings, reconciliation),
      },
    };
  },
});

/** Ends a reconciliation that reads. */
export const stopReconciliation = defineTool({
  name: 'stop-reconciliation',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({ reconciliation: z.string() }),
  async run({ reconciliation }, { reconciler }) {
    const stops = await reconciler.requestStop(reconciliation);
    return said(phrase(stops ? 'reconcile.stopping' : 'reconcile.nothing_running'));
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
    const { reconciler, message, now } = context;
    const reconciliation = await reconciler.find(args.reconciliation);
    const keys: string[] = [];
    if (reconciliation)
      for await (const batch of reconciler.findings.differences(reconciliation, 'missing_in_target'))
        keys.push(...batch.map(({ key }) => key));
    if (!reconciliation || keys.length === 0) return said(phrase('reconcile.nothing_missing'));
    const question = context.confirmed ? null : await askBefore(reconciliation, context);
    if (question) return question;
    const requester = { person: message.person, conversation: message.conversation };
    return await startRun(
      namedRun({ pipeline: reconciliation.pipeline, kind: 'sync', trigger: 'chat', requester }, keys, now()),
      context,
    );
  },
});

/** The question before it, where it is large enough for one. */
async function askBefore(
  reconciliation: Reconciliation,
  { reconciler, roles, confirmations, message, mustConfirm }: ToolContext,
): Promise<ToolResult | null> {
  const kinds = await reconciler.findings.countsByKind(reconciliation);
  const { count = 0, amount = '0' } = kinds.find(({ kind }) => kind === 'missing_in_target') ?? {};
  const plan = { orders: count, days: 0, amount };
  const fourEyes = roles.fourEyesAbove !== null && exceeds(plan, roles.fourEyesAbove);
  if (!mustConfirm && !fourEyes && !exceeds(plan, roles.confirmAbove)) return null;
  const args = { reconciliation: reconciliation.id };
  const id = await confirmations.ask(message, 'resync-missing', args, { fourEyes });
  const title = phrase('reconcile.confirm_missing', { count, amount: money(amount) });
  const text = phrase('reconcile.confirm', { title, minutes: confirmationMinutes });
  return { action: 'confirm', reply: { text, card: questionCard(id, title, [], fourEyes) } };
}
