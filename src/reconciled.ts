import { reconciliationCard } from './assistant/cards/reconciliation.ts';
import type { Conversations } from './channels/conversations.ts';
import type { Outbox } from './channels/outbox.ts';
import { reconciliationFile } from './reports/workbook.ts';
import type { PipelineParts } from './sync/parts.ts';
import type { Reconciliation } from './sync/reconcile/reconciliation.ts';
import type { Reconciler } from './sync/reconcile.ts';

/**
 * Shows a reconciliation where it was asked for: its card moves, and in a chat its workbook follows as a file once it is done. The
 * nightly one was asked for by nobody: its verdict goes to the groups of `nightly` in ALERTS_FILE.
 */
export async function showReconciliation(
  parts: {
    reconciler: Reconciler;
    pipelines: ReadonlyMap<string, PipelineParts>;
    /** Where the file is besides, for channels that take none; the page is there already. */
    publicUrl: string | undefined;
    nightly: readonly string[];
    show: Conversations['move'];
    outbox: () => Outbox;
  },
  reconciliation: Reconciliation,
): Promise<void> {
  const { reconciler, pipelines, publicUrl, show, outbox } = parts;
  const { id, state, requester } = reconciliation;
  const { conversation, person } = requester;
  const nightly = person === 'schedule' ? parts.nightly : [];
  const chats = [...(/^(?:dingtalk|feishu):/.test(conversation) ? [conversation] : []), ...nightly];
  const card = await reconciliationCard(reconciler.findings, reconciliation, chats.length > 0 ? publicUrl : '');
  show(conversation, card);
  if (state !== 'done' || chats.length === 0) return;
  for (const group of nightly) await outbox().put(group, { reply: { text: card.title, card } });
  const workbook = await reconciliationFile(reconciler, pipelines, reconciliation);
  const link = publicUrl ? { link: `${publicUrl}/api/v1/reconciliations/${id}/workbook` } : {};
  for (const chat of chats) await outbox().file(chat, { ...workbook, ...link });
}
