import type { Block, Card, Reply } from '../../channels/message.ts';
import { Decimal } from '../../decimal.ts';
import { documentWords } from '../../documents.ts';
import { dayLabel, daysLabel, duration, money, someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { dayMs, toDay } from '../../shanghai.ts';
import type { Findings, KindCount } from '../../sync/reconcile/findings.ts';
import type { Reconciliation, ReconciliationReport } from '../../sync/reconcile/reconciliation.ts';
import { button } from './cards.ts';
import { withdrawnIn } from './withdrawn.ts';

/** A reconciliation while it reads, and then its verdict: one card that keeps its id. `publicUrl` is where a chat finds the file. */
export async function reconciliationCard(
  findings: Findings,
  reconciliation: Reconciliation,
  publicUrl = '',
): Promise<Card> {
  const { state } = reconciliation;
  if (state === 'running') return runningCard(reconciliation);
  if (state === 'done') return await verdictCard(findings, reconciliation, publicUrl);
  const { message = '', next = '' } = reconciliation.error ?? {};
  const text = phrase(`reconcile.${state}`, { message, next });
  return { ...frame(reconciliation), tone: state === 'failed' ? 'bad' : 'warn', blocks: [{ type: 'text', text }] };
}

/** The end of one that is done, in words and as its card. */
export async function verdictReply(findings: Findings, reconciliation: Reconciliation): Promise<Reply> {
  const card = await verdictCard(findings, reconciliation, '');
  const out = withdrawnIn('reconcile', await findings.withdrawn(reconciliation));
  const lines = [card.title, totalsLine(await findings.totals(reconciliation)), ...(out ? [out] : [])];
  return { text: lines.join('\n'), card };
}

const totalsLine = ({ source, target }: Pick<ReconciliationReport, 'source' | 'target'>): string =>
  phrase('reconcile.totals', {
    source: source.count,
    source_amount: money(source.amount),
    target: target.count,
    target_amount: money(target.amount),
  });

const frame = (
  { id, pipeline, start, end, state }: Reconciliation,
  title: string = state,
  words: Record<string, string | number> = {},
): Card => ({
  id: `reconcile-${id}`,
  ...(state === 'running' ? {} : { ended: true as const }),
  title: phrase(`reconcile.title.${title}`, { ...documentWords(pipeline), range: daysLabel(start, end), ...words }),
  tone: 'neutral',
  blocks: [],
  buttons: [],
});

function runningCard(reconciliation: Reconciliation): Card {
  const { place, progress, start, end, id } = reconciliation;
  const { source = 0, target = 0, total = null, leftMs } = progress;
  const days = Math.round((end.getTime() - start.getTime()) / dayMs);
  const stage = phrase(`reconcile.stage.${place.stage}`, { source, target, total: total ?? source, days });
  const text = leftMs ? phrase('reconcile.left', { stage, time: duration(leftMs) }) : stage;
  return {
    ...frame(reconciliation),
    blocks: [{ type: 'progress', done: source, total, text }, ...savedCalls(reconciliation)],
    buttons: [button('stop', 'stop-reconciliation', { reconciliation: id })],
  };
}

/** What the ledger made unnecessary. */
function savedCalls({ progress: { saved = 0, savedDays = 0 } }: Reconciliation): Block[] {
  return savedDays > 0 ? [{ type: 'text', text: phrase('reconcile.saved', { days: savedDays, calls: saved }) }] : [];
}

async function verdictCard(findings: Findings, reconciliation: Reconciliation, publicUrl: string): Promise<Card> {
  const { id, start, end } = reconciliation;
  const kinds = await findings.countsByKind(reconciliation);
  const { count, gap } = gapOf(kinds);
  const totals: Block = { type: 'text', text: totalsLine(await findings.totals(reconciliation)) };
  const lastDay = end.getTime() - start.getTime() > dayMs ? [await dayVerdict(findings, reconciliation)] : [];
  const download: Block = {
    type: 'link',
    text: phrase('reconcile.download'),
    path: `${publicUrl}/api/v1/reconciliations/${id}/workbook`,
  };
  const out = withdrawnIn('reconcile', await findings.withdrawn(reconciliation));
  const after: Block[] = [
    ...(out ? [{ type: 'text' as const, text: out }] : []),
    ...savedCalls(reconciliation),
    download,
  ];
  if (count === 0) return { ...frame(reconciliation, 'even'), tone: 'good', blocks: [totals, ...after] };
  const rows = await Promise.all(
    kinds.map(async ({ kind, count: number, amount }) => [
      phrase(`reconcile.kind.${kind}`),
      phrase('cards.orders_count', { count: number }),
      money(amount),
      someOf(await findings.firstKeys(reconciliation, kind, 3), 3, number),
    ]),
  );
  const columns = ['kind', 'count', 'amount', 'orders'].map((column) => phrase(`reconcile.column.${column}`));
  const missing = kinds.find(({ kind }) => kind === 'missing_in_target')?.count ?? 0;
  return {
    ...frame(reconciliation, 'uneven', { count, gap }),
    tone: 'warn',
    blocks: [totals, ...lastDay, { type: 'table', columns, rows }, ...after],
    buttons:
      missing > 0 ? [button('resync', 'resync-missing', { reconciliation: id }, 'primary', { count: missing })] : [],
  };
}

/** Of several days the last by itself: a nightly look at the week says how yesterday stands. */
async function dayVerdict(findings: Findings, reconciliation: Reconciliation): Promise<Block> {
  const last = new Date(reconciliation.end.getTime() - dayMs);
  const { count, gap } = gapOf(await findings.countsByKind(reconciliation, toDay(last)));
  const verdict = phrase(count === 0 ? 'reconcile.verdict.even' : 'reconcile.verdict.uneven', { count, gap });
  return { type: 'text', text: phrase('reconcile.last_day', { day: dayLabel(last), verdict }) };
}

function gapOf(kinds: readonly KindCount[]): { count: number; gap: string } {
  return {
    count: kinds.reduce((sum, kind) => sum + kind.count, 0),
    gap: money(kinds.reduce((sum, kind) => sum.plus(kind.amount), new Decimal(0))),
  };
}
