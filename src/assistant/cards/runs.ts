import type { Block, Button, Card, Field } from '../../channels/message.ts';
import { documentWords } from '../../documents.ts';
import { duration, money, windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { type Run, type RunCounts, type RunView, takesOut } from '../../sync/run.ts';
import { hasEnded } from '../../sync/service.ts';
import { button, failuresTable, what } from './cards.ts';

type CallName = (id: string) => string;

/** Runs whose story a button of the list tells. */
const stories = 4;

const minute = (instant: Date): string => toWall(instant).slice(5, 16);
const second = (instant: Date): string => toWall(instant).slice(5);

/** Who a run is told of as having asked for it. */
const askedBy = ({ trigger, requester }: Run, nameOf: CallName): string =>
  nameOf(trigger === 'schedule' ? 'schedule' : requester.person);

export const doing = (run: Run, range?: (start: Date, end: Date) => string): string =>
  phrase(`runs.kind.${run.kind}`, {
    what: run.by === 'changes' ? phrase('runs.changes', documentWords(run.pipeline)) : what(run, range),
  });

function figures(run: Run, counts: RunCounts): string {
  if (counts.fetched === 0) return phrase('runs.nothing');
  const words = takesOut(run) ? 'figures_undo' : counts.pending > 0 ? 'figures_waiting' : 'figures';
  return phrase(`runs.${words}`, { ...counts });
}

const result = (run: Run, counts: RunCounts): string =>
  phrase('runs.result', { state: phrase(`replies.state.${run.state}`), figures: figures(run, counts) });

const storyButton = (run: Run): Button => {
  const at = toWall(run.createdAt).slice(0, 16);
  return {
    label: phrase('runs.button.story', { at: at.slice(5) }),
    style: 'default',
    action: { name: 'show-run', args: { run: run.id } },
    say: phrase('runs.say.story', { at }),
  };
};

export type CountedRun = readonly [run: Run, counts: RunCounts];

/** A run in a line: when, who, what, and what came of it. */
export const runCells = ([run, counts]: CountedRun, nameOf: CallName): [string, string, string, string] => [
  minute(run.createdAt),
  askedBy(run, nameOf),
  doing(run),
  result(run, counts),
];

/** The latest runs, with buttons to the story of the first few. */
export function runsCard(
  { title, runs, idle }: { title: string; runs: readonly CountedRun[]; idle: string },
  nameOf: CallName,
): Card {
  return {
    id: 'runs',
    title,
    tone: 'neutral',
    blocks: [
      {
        type: 'table',
        columns: ['at', 'who', 'what', 'result'].map((column) => phrase(`runs.column.${column}`)),
        rows: runs.map((run) => runCells(run, nameOf)),
      },
      ...(idle ? [{ type: 'text' as const, text: idle }] : []),
    ],
    buttons: runs.slice(0, stories).map(([run]) => storyButton(run)),
  };
}

/** One run from its beginning to its end. */
export function storyCard(view: RunView, nameOf: CallName): Card {
  const { run, counts, failures } = view;
  const blocks: Block[] = [{ type: 'fields', fields: storyFields(view, nameOf) }];
  if (failures.length > 0) blocks.push(failuresTable(failures));
  const why = button('why', 'list-failures', { pipeline: run.pipeline }, 'default', documentWords(run.pipeline));
  const retry = button('retry', 'retry-failures', { run: run.id }, 'primary', { count: counts.failed });
  return {
    id: `story-${run.id}`,
    title: phrase('runs.story.title', { what: doing(run), state: phrase(`replies.state.${run.state}`) }),
    tone: run.state === 'failed' ? 'bad' : run.state === 'cancelled' || counts.failed > 0 ? 'warn' : 'good',
    blocks,
    buttons: failures.length > 0 && hasEnded(run) && !takesOut(run) ? [why, retry] : [],
  };
}

function storyFields({ run, counts, totals }: RunView, nameOf: CallName): Field[] {
  const { startedAt, finishedAt, error, stoppedBy, total, pages } = run;
  const field = (name: string, value: string): Field => ({ label: phrase(`runs.story.field.${name}`), value });
  const who = stoppedBy ? nameOf(stoppedBy) : '';
  const read = { pages, fetched: counts.fetched, total: total ?? 0 };
  const sum = phrase('runs.story.total', { count: counts.fetched, amount: money(totals.amount) });
  return [
    field('range', scopeOf(run)),
    field(
      'who',
      phrase('runs.story.who', { who: askedBy(run, nameOf), trigger: phrase(`runs.story.trigger.${run.trigger}`) }),
    ),
    field('queued', second(run.createdAt)),
    field('started', startedAt ? second(startedAt) : phrase('runs.story.not_started')),
    ...(pages > 0 ? [field('read', phrase(total === null ? 'runs.story.read' : 'runs.story.read_of', read))] : []),
    field('result', counts.fetched > 0 && !takesOut(run) ? `${figures(run, counts)} · ${sum}` : figures(run, counts)),
    ...(who ? [field('stopped', phrase(hasEnded(run) ? 'runs.story.stopped' : 'runs.story.stopping', { who }))] : []),
    ...(error ? [field('error', phrase('runs.story.failed', { message: error.message, next: error.next }))] : []),
    ...(finishedAt ? [field('ended', endOf(finishedAt, startedAt ?? finishedAt))] : []),
  ];
}

const endOf = (finishedAt: Date, startedAt: Date): string =>
  phrase('runs.story.ended', {
    at: second(finishedAt),
    took: duration(finishedAt.getTime() - startedAt.getTime()),
  });

/** Which documents it was about, absolutely, and what it left out. */
function scopeOf(run: Run): string {
  const { filters, start, end, by, pipeline } = run;
  const words = documentWords(pipeline);
  if (filters.keys ?? filters.numbers) return what(run);
  const only = [filters.shop, filters.warehouse, filters.sku].filter((name) => name !== undefined);
  return [
    phrase('runs.story.range', { ...words, range: windowLabel(start, end), by: phrase(`cards.by.${by}`, words) }),
    ...(only.length > 0 ? [phrase('runs.story.only', { names: only.join('、') })] : []),
    ...(filters.excludeShop ? [phrase('runs.story.without', { names: filters.excludeShop })] : []),
  ].join(' · ');
}
