import type { Block, Button, Card, Tone } from '../../channels/message.ts';
import { documentWords } from '../../documents.ts';
import { daysLabel, duration, money, someOf, windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import type { Preview } from '../../sync/preview.ts';
import { type FailureGroup, type Run, type RunRequest, type RunView, takesOut } from '../../sync/run.ts';
import { hasEnded } from '../../sync/service.ts';
import { withdrawnIn } from './withdrawn.ts';

type Words = Record<string, string | number>;

export const button = (
  label: string,
  name: string,
  args: Record<string, string> = {},
  style: Button['style'] = 'default',
  words: Words = {},
): Button => ({
  label: phrase(`cards.button.${label}`, words),
  style,
  action: { name, args },
  say: phrase(`cards.say.${label}`, words),
});

/** The progress of a run, then its report: one card that keeps its id. */
export function runCard(view: RunView, now: Date): Card {
  return hasEnded(view.run) ? reportCard(view) : progressCard(view, now);
}

function runCardId(run: Run): string {
  return `run-${run.id}`;
}

function progressCard({ run, counts }: RunView, now: Date): Card {
  const done = counts.written + counts.existing + counts.failed + counts.skipped;
  const total = run.total === null ? null : Math.max(run.total, counts.fetched);
  const elapsed = run.startedAt ? now.getTime() - run.startedAt.getTime() : 0;
  const left =
    total !== null && done > 0 && done < total
      ? phrase('cards.progress.left', { time: duration((elapsed / done) * (total - done)) })
      : '';
  const text =
    run.state === 'queued'
      ? phrase('cards.progress.queued')
      : counts.fetched === 0
        ? phrase('cards.progress.reading')
        : phrase('cards.progress.text', {
            done,
            total: total ?? counts.fetched,
            written: counts.written,
            existing: counts.existing,
            failed: counts.failed,
            left,
          });
  return {
    id: runCardId(run),
    title: phrase(takesOut(run) ? 'cards.undo.progress' : 'cards.progress.title', { what: what(run) }),
    tone: 'neutral',
    blocks: [{ type: 'progress', done, total, text }],
    buttons: [button('stop', 'cancel-run', { run: run.id })],
  };
}

/** 「共 37 单 ¥17,012.25 · 5 个店铺」 */
const totalOf = (count: number, { amount, shops }: RunView['totals']): Block => ({
  type: 'text',
  text: phrase('cards.report.total', { count, amount: money(amount), shops }),
});

/** What was taken out of orders, where something was. */
function cleanedText({ cleaned: { orders, fields } }: RunView): Block[] {
  if (orders.length === 0) return [];
  const words = { count: orders.length, fields: fields.join('、'), orders: someOf(orders, 3) };
  return [{ type: 'text', text: phrase('cards.report.cleaned', words) }];
}

function reportCard(view: RunView): Card {
  const { run, counts, failures, totals } = view;
  const tone: Tone = run.state === 'failed' ? 'bad' : run.state === 'cancelled' || counts.failed > 0 ? 'warn' : 'good';
  const took = run.startedAt && run.finishedAt ? duration(run.finishedAt.getTime() - run.startedAt.getTime()) : '';
  const blocks: Block[] = [];
  if (takesOut(run))
    blocks.push({
      type: 'text',
      text: [
        phrase('cards.report.undone', { undone: counts.undone, failed: counts.failed }),
        ...(counts.undone > 0 ? [phrase('withdrawn.stays')] : []),
      ].join(''),
    });
  else
    blocks.push(
      {
        type: 'counts',
        counts: [
          { label: phrase('cards.count.written'), value: counts.written, tone: 'good' },
          { label: phrase('cards.count.existing'), value: counts.existing, tone: 'neutral' },
          { label: phrase('cards.count.failed'), value: counts.failed, tone: counts.failed > 0 ? 'bad' : 'neutral' },
          { label: phrase('cards.count.skipped'), value: counts.skipped, tone: 'neutral' },
        ],
      },
      totalOf(counts.fetched, totals),
    );
  if (
    !takesOut(run) &&
    counts.fetched > 0 &&
    counts.written === 0 &&
    counts.failed === 0 &&
    run.state === 'succeeded'
  ) {
    blocks.push({ type: 'text', text: phrase('cards.report.nothing_new') });
  }
  if (run.error)
    blocks.push({
      type: 'text',
      text: phrase('cards.report.error', { message: run.error.message, next: run.error.next }),
    });
  if (failures.length > 0) blocks.push(failuresTable(failures));
  const out = withdrawnIn('report', view.withdrawn);
  if (out) blocks.push({ type: 'text', text: out });
  blocks.push(...cleanedText(view));
  return {
    id: runCardId(run),
    ended: true,
    title: phrase(`cards.${takesOut(run) ? 'undo.report' : 'report.title'}.${run.state}`, {
      took,
      what: what(run),
    }),
    tone,
    blocks,
    buttons:
      failures.length > 0 && !takesOut(run)
        ? [
            button('why', 'list-failures', { pipeline: run.pipeline }, 'default', documentWords(run.pipeline)),
            button('retry', 'retry-failures', { run: run.id }, 'primary', { count: counts.failed }),
          ]
        : [],
  };
}

/** What a run is about: the documents it names, else those of its range. */
export function what(run: RunRequest, range = daysLabel): string {
  const { document } = documentWords(run.pipeline);
  const named = run.filters.keys ?? run.filters.numbers;
  if (named) return phrase('cards.orders', { document, orders: someOf(named, 3) });
  const { shop, warehouse } = run.filters;
  const only = [shop, warehouse].filter((name) => name !== undefined).join('、');
  const days = range(run.start, run.end);
  return phrase(only ? 'cards.of' : 'cards.days', { document, only, days });
}

/** 「11-22（周日）00:00 → 24:00 · 按出库时间」 */
export const rangeOf = ({ pipeline, start, end, by }: RunRequest): string =>
  `${windowLabel(start, end)} · ${phrase(`cards.by.${by}`, documentWords(pipeline))}`;

export function categoryLabel(category: string): string {
  return phrase(`cards.category.${category}`);
}

export function failuresTable(failures: readonly FailureGroup[]): Block {
  return {
    type: 'table',
    columns: ['cause', 'count', 'about', 'next'].map((column) => phrase(`cards.failures.column.${column}`)),
    rows: failures.map((group) => [
      categoryLabel(group.category),
      phrase('cards.orders_count', { count: group.count }),
      someOf(group.subjects.length > 0 ? group.subjects : group.orders, 3),
      group.next,
    ]),
  };
}

const confirmButtons = (id: string): Button[] => [
  button('confirm', 'confirm', { id }, 'primary'),
  button('preview', 'preview', { id }),
  button('cancel', 'reject', { id }),
];

export const confirmNote = (minutes: number, fourEyes: boolean): string =>
  phrase(fourEyes ? 'cards.confirm.note_four_eyes' : 'cards.confirm.note', { minutes });

/** The question before a write: the absolute range, how many, how much, and what will not be done. */
export function confirmCard(
  id: string,
  { run, counts, totals, failures, cancelled, withdrawn }: Preview,
  { minutes, fourEyes }: { minutes: number; fourEyes: boolean },
): Card {
  const named = run.filters.keys ?? run.filters.numbers;
  const fields = [
    {
      label: phrase('cards.confirm.range'),
      value: named ? someOf(named, 5) : rangeOf(run),
    },
    {
      label: phrase('cards.confirm.orders'),
      value: phrase('cards.confirm.orders_value', {
        count: counts.fetched,
        amount: money(totals.amount),
        shops: totals.shops,
      }),
    },
    {
      label: phrase('cards.confirm.of_which'),
      value: phrase('cards.confirm.of_which_value', { existing: counts.existing, planned: counts.planned }),
    },
  ];
  const only = [run.filters.shop, run.filters.warehouse, run.filters.sku].filter((name) => name !== undefined);
  if (only.length > 0) fields.push({ label: phrase('cards.confirm.only'), value: only.join(' · ') });
  const without = [
    ...(run.filters.excludeShop ? [run.filters.excludeShop] : []),
    ...(cancelled > 0 ? [phrase('cards.confirm.cancelled', { count: cancelled })] : []),
    ...(withdrawn.length > 0 ? [withdrawnIn('confirm', withdrawn)] : []),
    ...(counts.skipped > withdrawn.length
      ? [phrase('cards.confirm.skipped', { count: counts.skipped - withdrawn.length })]
      : []),
    ...failures.map((group) =>
      phrase('cards.confirm.will_fail', { category: categoryLabel(group.category), count: group.count }),
    ),
  ];
  if (without.length > 0) fields.push({ label: phrase('cards.confirm.without'), value: without.join(' · ') });
  return {
    id: `confirm-${id}`,
    title: phrase('cards.confirm.title', documentWords(run.pipeline)),
    tone: 'neutral',
    blocks: [{ type: 'fields', fields }],
    buttons: confirmButtons(id),
    note: confirmNote(minutes, fourEyes),
  };
}

/** The same question while the amount is still being counted. */
export function countingCard(
  id: string,
  request: RunRequest,
  { rows, minutes, fourEyes }: { rows: number; minutes: number; fourEyes: boolean },
): Card {
  return {
    id: `confirm-${id}`,
    title: phrase('cards.confirm.title', documentWords(request.pipeline)),
    tone: 'neutral',
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: phrase('cards.confirm.range'), value: rangeOf(request) },
          { label: phrase('cards.confirm.orders'), value: phrase('cards.confirm.counting', { count: rows }) },
        ],
      },
    ],
    buttons: confirmButtons(id),
    note: confirmNote(minutes, fourEyes),
  };
}

/** What a run would do, without doing it. */
export function previewCard(view: Preview): Card {
  const { run, counts, totals, failures } = view;
  return {
    id: `preview-${run.id}`,
    title: phrase('cards.preview.title', { what: what(run) }),
    tone: 'neutral',
    blocks: [
      {
        type: 'counts',
        counts: [
          { label: phrase('cards.count.planned'), value: counts.planned, tone: 'good' },
          { label: phrase('cards.count.existing'), value: counts.existing, tone: 'neutral' },
          { label: phrase('cards.count.will_fail'), value: counts.failed, tone: counts.failed > 0 ? 'bad' : 'neutral' },
          { label: phrase('cards.count.skipped'), value: counts.skipped, tone: 'neutral' },
        ],
      },
      totalOf(counts.fetched, totals),
      ...(failures.length > 0 ? [failuresTable(failures)] : []),
      ...(view.withdrawn.length > 0 ? [{ type: 'text' as const, text: withdrawnIn('report', view.withdrawn) }] : []),
      ...cleanedText(view),
    ],
    buttons: [],
    note: phrase('cards.preview.note'),
  };
}

/** A question back, with answers that can be pressed. */
export function choicesCard(title: string, choices: readonly string[]): Card {
  return {
    id: 'choices',
    title,
    tone: 'neutral',
    blocks: [],
    buttons: choices.map((choice) => ({
      label: choice,
      style: 'default',
      action: { name: 'say', args: { text: choice } },
      say: choice,
    })),
  };
}
