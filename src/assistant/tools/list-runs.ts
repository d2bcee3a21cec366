import { z } from 'zod';
import { windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { mostRows, rangeName, sheetFile } from '../../reports/sheet.ts';
import type { Run } from '../../sync/run.ts';
import type { RunFilter } from '../../sync/runs.ts';
import { type CountedRun, runCells, runsCard, storyCard } from '../cards/runs.ts';
import { goingOn, pageRows } from '../lists.ts';
import { callNames } from '../people.ts';
import { pageArgs, pipelineArgs, windowArgs, windowOf } from './arguments.ts';
import { defineTool, said, type ToolContext, take } from './tool.ts';

/** Runs that are told in words. */
const inWords = 3;

const parameters = z.strictObject({
  ...windowArgs,
  ...pageArgs,
  ...pipelineArgs,
  top: z.coerce.number().int().min(1).optional(),
});
type Args = z.infer<typeof parameters>;

/** The latest runs: when, who, what, what came of it. Of a range those that ran in it; where none did, those that read its days. */
export const listRuns = defineTool({
  name: 'list-runs',
  least: 'viewer',
  parameters,
  answers: {
    list_runs: (slots) => (slots.detail ? null : take(slots, 'start', 'end', 'top', 'document')),
  },
  async run(args, context) {
    const offset = args.offset ?? 0;
    const limit = Math.min(args.top ?? pageRows, pageRows);
    const { runs, total, idle, title } = await look(args, { offset, limit }, context);
    if (runs.length === 0 && idle === 0) return said(title);
    const { counted, nameOf } = await withCounts(runs, context);
    const besides = idle > 0 ? phrase('runs.idle', { count: idle }) : '';
    const lines = counted.slice(0, inWords).map((run) => {
      const [at, who, what, result] = runCells(run, nameOf);
      return phrase('runs.line', { at, who, what, result });
    });
    const reply = {
      text: [title, ...lines, ...(besides ? [besides] : [])].join('\n'),
      card: runsCard({ title, runs: counted, idle: besides }, nameOf),
    };
    const next = { tool: 'list-runs', args, offset: offset + runs.length, total };
    return { action: 'reply', reply: goingOn(reply, next, runs.length), list: next };
  },
  async file(args, context) {
    const { runs, total } = await look(args, { offset: 0, limit: mostRows }, context);
    const { counted, nameOf } = await withCounts(runs, context);
    return await sheetFile({
      name: phrase('list.file.runs', { range: rangeName(windowOf(args) ?? null) }),
      columns: ['at', 'who', 'what', 'outcome'],
      rows: counted.map((run) => runCells(run, nameOf)),
      total,
    });
  },
});

async function withCounts(
  runs: readonly Run[],
  { sync, sql }: ToolContext,
): Promise<{ counted: CountedRun[]; nameOf: (id: string) => string }> {
  const countsOf = await sync.outcomes.countsOf(runs.map(({ id }) => id));
  const people = [...new Set(runs.map(({ requester }) => requester.person))];
  return { counted: runs.map((run) => [run, countsOf(run.id)]), nameOf: await callNames(sql, people) };
}

/** What ran in the range; else what read its days. */
async function look(
  args: Args,
  page: { offset: number; limit: number },
  { sync }: ToolContext,
): Promise<{ title: string } & Awaited<ReturnType<typeof sync.runs.history>>> {
  const range = windowOf(args);
  const label = range ? windowLabel(range.start, range.end) : '';
  const pipeline = args.pipeline === undefined ? undefined : sync.known(args.pipeline);
  const find = async (filter: RunFilter) => await sync.runs.history({ pipeline, ...filter }, page);
  const found = await find({ asked: range });
  const { total, idle } = found;
  if (!range) return { ...found, title: phrase(total + idle > 0 ? 'runs.title' : 'runs.none', { count: total }) };
  if (total + idle > 0) return { ...found, title: phrase('runs.title_of', { range: label, count: total }) };
  const about = await find({ about: range });
  return {
    ...about,
    idle: 0,
    title: phrase(about.total === 0 ? 'runs.none_of' : 'runs.title_about', { range: label, count: about.total }),
  };
}

/** How one run went, from the asking to the end: the named one, the latest of a range, or the latest. */
export const showRun = defineTool({
  name: 'show-run',
  least: 'viewer',
  parameters: z.strictObject({ ...windowArgs, ...pipelineArgs, run: z.string().max(64).optional() }),
  answers: { list_runs: (slots) => (slots.detail ? take(slots, 'start', 'end', 'document') : null) },
  async run(args, context) {
    const { sync, sql } = context;
    const run = args.run
      ? await sync.runs.find(args.run)
      : (await look(args, { offset: 0, limit: 1 }, context)).runs[0];
    if (!run) return said(phrase('runs.story.no_such'));
    const view = await sync.view(run.id);
    const nameOf = await callNames(sql, [run.requester.person, run.stoppedBy ?? '']);
    const card = storyCard(view, nameOf);
    const fields = card.blocks.flatMap((block) => (block.type === 'fields' ? block.fields : []));
    return {
      action: 'reply',
      run,
      orders: view.failures.flatMap(({ orders }) => orders),
      reply: { text: [card.title, ...fields.map(({ label, value }) => `${label}：${value}`)].join('\n'), card },
    };
  },
});
