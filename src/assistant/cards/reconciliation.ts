import type { Block, Card } from '../../channels/message.ts';
import { Decimal } from '../../decimal.ts';
import { daysLabel, money, someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import type { Reconciler, Reconciliation } from '../../sync/reconcile.ts';
import { button } from './cards.ts';

/** A reconciliation while it reads, and then its verdict: one card that keeps its id. */
export async function reconciliationCard(
  reconciler: Reconciler,
  reconciliation: Reconciliation,
  publicUrl = '',
): Promise<Card> {
  const { id, start, end, state, progress, error } = reconciliation;
  const range = daysLabel(start, end);
  const card = (title: string, tone: Card['tone'], blocks: Block[], buttons: Card['buttons'] = []): Card => ({
    id: `reconcile-${id}`,
    ...(state === 'running' ? {} : { ended: true as const }),
    title,
    tone,
    blocks,
    buttons,
  });
  if (state === 'running') {
    const { source = 0, target = 0, total = null } = progress;
    const text = phrase('reconcile.progress', { source, target });
    return card(phrase('reconcile.title.running', { range }), 'neutral', [
      { type: 'progress', done: source, total: total ?? null, text },
    ]);
  }
  if (state === 'failed')
    return card(phrase('reconcile.title.failed', { range }), 'bad', [
      { type: 'text', text: phrase('reconcile.failed', { message: error?.message ?? '', next: error?.next ?? '' }) },
    ]);
  const { source, target } = await reconciler.totals(reconciliation);
  const kinds = await reconciler.countsByKind(reconciliation);
  const count = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const gap = money(kinds.reduce((sum, kind) => sum.plus(kind.amount), new Decimal(0)));
  const totals: Block = {
    type: 'text',
    text: phrase('reconcile.totals', {
      source: source.count,
      source_amount: money(source.amount),
      target: target.count,
      target_amount: money(target.amount),
    }),
  };
  const download: Block = {
    type: 'link',
    text: phrase('reconcile.download'),
    path: `${publicUrl}/api/v1/reconciliations/${id}/workbook`,
  };
  if (count === 0) return card(phrase('reconcile.title.even', { range }), 'good', [totals, download]);
  const rows = await Promise.all(
    kinds.map(async ({ kind, count: number, amount }) => [
      phrase(`reconcile.kind.${kind}`),
      phrase('cards.orders_count', { count: number }),
      money(amount),
      someOf(await firstKeys(reconciler, reconciliation, kind), 3),
    ]),
  );
  const columns = ['kind', 'count', 'amount', 'orders'].map((column) => phrase(`reconcile.column.${column}`));
  const missing = kinds.find(({ kind }) => kind === 'missing_in_target')?.count ?? 0;
  return card(
    phrase('reconcile.title.uneven', { range, count, gap }),
    'warn',
    [totals, { type: 'table', columns, rows }, download],
    missing > 0 ? [button('resync', 'resync-missing', { reconciliation: id }, 'primary', { count: missing })] : [],
  );
}

async function firstKeys(
  reconciler: Reconciler,
  reconciliation: Reconciliation,
  kind: Parameters<Reconciler['differences']>[1] & string,
): Promise<string[]> {
  for await (const batch of reconciler.differences(reconciliation, kind)) return batch.map(({ key }) => key);
  return [];
}
