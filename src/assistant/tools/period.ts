import { z } from 'zod';
import { fingerprintOf } from '../../alerts/condition.ts';
import { dayLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { dayMs, fromWall, toDay, toWall } from '../../shanghai.ts';
import { namedRun } from '../../sync/run.ts';
import { questionCard } from '../cards/question.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { documentsNamed, each } from '../which-document.ts';
import { pipelineArgs, pipelineOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

const parameters = z.strictObject({
  ...pipelineArgs,
  orders: z.array(z.string()).optional(),
  /** `YYYY-MM-DD`. */
  day: z.iso.date().optional(),
});
/** What is said yes to: these documents, and none that fail later. */
interface Asked {
  pipeline: string;
  orders: string[];
  day: string;
}

/** How far ahead of today a document may be booked. */
const furthestDays = 62;

/** Books what failed on a closed day on another one, after a yes, and tries it again. Amounts and numbers stay as they are. */
export const moveDate = defineTool({
  name: 'move-date',
  least: 'admin',
  asks: true,
  parameters,
  answers: {
    move_date: (slots) => ({
      ...take(slots, 'orders', 'document'),
      ...(slots.start ? { day: slots.start.slice(0, 10) } : {}),
    }),
  },
  async run(args, context) {
    const { sync, message, now } = context;
    const { pipeline, keys, closed } = await closedDocuments(args, context);
    if (keys.length === 0) return said(phrase('replies.move.nothing'));
    if (!args.day) return said(phrase('replies.move.which_day'), 'clarify');
    const day = dayAfter(args.day, closed, now());
    if (!day) return said(phrase('replies.move.not_open', { day: args.day, closed }), 'clarify');
    if (isTooFar(day, now())) return said(phrase('replies.move.too_far', { day, days: furthestDays }), 'clarify');
    if (!context.confirmed) return await ask({ pipeline, day, orders: keys }, closed, context);
    await sync.decisions.moveDate(pipeline, keys, day, message.person);
    const requester = { person: message.person, conversation: message.conversation };
    return await startRun(
      namedRun({ pipeline, kind: 'retry', trigger: context.trigger, requester }, keys, now()),
      context,
    );
  },
});

/** What failed because its day is closed, and the latest day known to be: a closing day that the target has named, or a bill's own. */
async function closedDocuments(
  { pipeline: meant, orders }: { pipeline?: string | undefined; orders?: string[] | undefined },
  context: ToolContext,
): Promise<{ pipeline: string; keys: string[]; closed: string }> {
  const { sync } = context;
  const named = orders && each(await documentsNamed(orders, meant, sync));
  // Of the first kind that has such documents: one that is closed for none of its own has nothing to move.
  const first = named?.find(({ category }) => category === 'period_closed')?.pipeline;
  const pipeline = pipelineOf({ pipeline: meant ?? first }, context);
  const own = named?.flatMap((one) => (one.pipeline === pipeline ? [one.key] : []));
  const keys = await sync.outcomes.failedKeys(pipeline, { category: 'period_closed', keys: own });
  const groups = await sync.outcomes.openFailures(pipeline);
  const { details = [], subjects = [] } = groups.find(({ category }) => category === 'period_closed') ?? {};
  const days = [...subjects, ...details.flatMap(({ closed }) => (closed === undefined ? [] : [String(closed)]))];
  return { pipeline, keys, closed: days.sort().at(-1) ?? '' };
}

/** The day meant: dates are read as past ones, but 「改到 1 月 1 号」 said in December is the next one. Null when it is closed, too. */
function dayAfter(day: string, closed: string, now: Date): string | null {
  if (day > closed) return day;
  const next = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
  return fromWall(next) && next > closed && !isTooFar(next, now) ? next : null;
}

/** A year that was typed wrong shows on no card: days are said without it. */
const isTooFar = (day: string, now: Date): boolean => day > toDay(now.getTime() + furthestDays * dayMs);

async function ask(asked: Asked, closed: string, { confirmations, message }: ToolContext): Promise<ToolResult> {
  const id = await confirmations.ask(message, 'move-date', asked);
  const words = { count: asked.orders.length, day: dayLabel(fromWall(asked.day) ?? new Date(0)) };
  return {
    action: 'confirm',
    reply: {
      text: phrase('replies.move.confirm', { ...words, minutes: confirmationMinutes }),
      card: questionCard(id, phrase('cards.move.title', words), [
        { label: phrase('cards.confirm.orders'), value: phrase('cards.orders_count', { count: words.count }) },
        { label: phrase('cards.move.day'), value: words.day },
        ...(closed ? [{ label: phrase('remedies.field.closed'), value: closed }] : []),
        { label: phrase('cards.move.same'), value: phrase('cards.move.same_value') },
      ]),
    },
  };
}

/** Waits with what failed on a closed day: until a moment, or until the target opens the period. */
export const holdDocuments = defineTool({
  name: 'hold-documents',
  least: 'operator',
  target: false,
  parameters: z.strictObject({
    ...pipelineArgs,
    orders: z.array(z.string()).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
  }),
  answers: { hold_closed: (slots) => take(slots, 'orders', 'until', 'document') },
  async run({ until, ...asked }, context) {
    const { sync, alerts, settings, message } = context;
    const { pipeline, keys } = await closedDocuments(asked, context);
    if (keys.length === 0) return said(phrase('replies.move.nothing'));
    const end = until ? new Date(until) : null;
    await sync.decisions.hold(pipeline, keys, end, message.person);
    // Somebody has decided: nobody else has to be called.
    await alerts.acknowledge(message.person, fingerprintOf(pipeline, 'period_closed'));
    const text = end
      ? phrase('replies.move.held_until', { count: keys.length, until: toWall(end).slice(5, 16) })
      : phrase('replies.move.held', { count: keys.length });
    const schedule = (await settings.schedules()).get(pipeline) ?? sync.pipelines.get(pipeline)?.pipeline.schedule;
    return said(`${text}${phrase(`replies.move.${schedule?.enabled ? 'by_itself' : 'by_hand'}`)}`, 'run');
  },
});
