import { reconciliationCard } from './assistant/cards/reconciliation.ts';
import type { Conversations } from './channels/conversations.ts';
import type { Outbox } from './channels/outbox.ts';
import { reconciliationFile } from './reports/workbook.ts';
import type { PipelineParts } from './sync/parts.ts';
import type { Reconciliation } from './sync/reconcile/reconciliation.ts';
import type { Reconciler } from './sync/reconcile.ts';

/** Shows a reconciliation where it was asked for: its card moves, and in a chat its workbook follows as a file once it is done. */
export async function showReconciliation(
  parts: {
    reconciler: Reconciler;
    pipelines: ReadonlyMap<string, PipelineParts>;
    /** Where the file is besides, for channels that take none; the page is there already. */
    publicUrl: string | undefined;
    show: Conversations['move'];
    file: Outbox['file'];
  },
  reconciliation: Reconciliation,
): Promise<void> {
  const { reconciler, pipelines, publicUrl, show, file } = parts;
  const { id, state, requester } = reconciliation;
  const { conversation } = requester;
  const isChat = /^(?:dingtalk|feishu):/.test(conversation);
  show(conversation, await reconciliationCard(reconciler.findings, reconciliation, isChat ? publicUrl : ''));
  if (state !== 'done' || !isChat) return;
  const workbook = await reconciliationFile(reconciler, pipelines, reconciliation);
  const link = publicUrl ? { link: `${publicUrl}/api/v1/reconciliations/${id}/workbook` } : {};
  await file(conversation, { ...workbook, ...link });
}
