import { z } from 'zod';
import { documentWords } from '../../documents.ts';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { nextTick, refuseCron } from '../../sync/cron.ts';
import { partsOf } from '../../sync/parts.ts';
import type { Pipeline } from '../../sync/pipeline.ts';
import { type Schedule, type ScheduleInForce, scheduleInForce } from '../../sync/schedule.ts';
import { questionCard } from '../cards/question.ts';
import { cronInWords } from '../cron-in-words.ts';
import type { Slots } from '../language/slots.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { pipelineArgs, pipelineOf } from './arguments.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

type Whose = { pipeline?: string | undefined };
const named = (slots: Slots): Whose => take(slots, 'document');

const scheduled = (of: Whose, context: ToolContext): Pipeline =>
  partsOf(context.sync.pipelines, pipelineOf(of, context)).pipeline;

async function inForce(of: Whose, context: ToolContext): Promise<ScheduleInForce> {
  const pipeline = scheduled(of, context);
  return scheduleInForce(pipeline, (await context.settings.schedules()).get(pipeline.id));
}

function inWords({ id }: Pipeline, { cron, enabled, pausedUntil }: Schedule, now: Date): string {
  const words = documentWords(id);
  const next = toWall(nextTick(cron, now)).slice(5, 16);
  const until = pausedUntil ? toWall(pausedUntil).slice(5, 16) : '';
  const state = enabled ? 'on' : pausedUntil ? 'until' : 'off';
  return phrase(`replies.schedule.${state}`, { ...words, cron: cronInWords(cron), next, until });
}

async function change(of: Whose, context: ToolContext, schedule: Schedule): Promise<ToolResult> {
  const { settings, message, now } = context;
  const pipeline = scheduled(of, context);
  const { fault: _fault, ...before } = await inForce(of, context);
  await settings.setSchedule(pipeline, schedule, message.person);
  const change = { schedule: pipeline.id, before, after: schedule };
  return { ...said(inWords(pipeline, schedule, now()), 'run'), change };
}

export const showSchedule = defineTool({
  name: 'show-schedule',
  least: 'viewer',
  parameters: z.strictObject(pipelineArgs),
  answers: { show_schedule: named },
  async run(args, context) {
    const schedule = await inForce(args, context);
    const { fault } = schedule;
    return said(
      fault
        ? phrase('replies.schedule.broken', {
            ...documentWords(scheduled(args, context).id),
            message: fault.message,
            next: fault.next,
          })
        : inWords(scheduled(args, context), schedule, context.now()),
    );
  },
});

/** Stops it, for good or until a moment; one that was off already does not begin by itself. */
export const pauseSchedule = defineTool({
  name: 'pause-schedule',
  least: 'operator',
  parameters: z.strictObject({ ...pipelineArgs, until: z.iso.datetime({ offset: true }).optional() }),
  answers: { pause_schedule: (slots) => take(slots, 'document', 'until') },
  async run({ until, ...of }, context) {
    const { cron, enabled, pausedUntil, fault } = await inForce(of, context);
    const ends = until && (enabled || pausedUntil) && new Date(until) > context.now() ? new Date(until) : null;
    // One that cannot be kept gives way to the file's.
    const kept = fault ? scheduled(of, context).schedule.cron : cron;
    return await change(of, context, { cron: kept, enabled: false, ...(ends ? { pausedUntil: ends } : {}) });
  },
});

export const resumeSchedule = defineTool({
  name: 'resume-schedule',
  least: 'operator',
  parameters: z.strictObject(pipelineArgs),
  answers: { resume_schedule: named },
  async run(of, context) {
    const { cron } = await inForce(of, context);
    return await change(of, context, { cron, enabled: true });
  },
});

/** Sets when it runs. What is no schedule is refused before anybody is asked about it. */
export const setSchedule = defineTool({
  name: 'set-schedule',
  least: 'admin',
  asks: true,
  parameters: z.strictObject({ ...pipelineArgs, cron: z.string().max(60) }),
  answers: { set_schedule: (slots) => ({ ...named(slots), cron: cronOf(slots.schedule ?? {}) ?? '' }) },
  async run({ cron, ...of }, context) {
    if (cron === '') return said(phrase('replies.schedule.which'), 'clarify');
    refuseCron(cron, scheduled(of, context).schedule.min_interval);
    if (!context.mustConfirm) return await change(of, context, { cron, enabled: true });
    const id = await context.confirmations.ask(context.message, 'set-schedule', { ...of, cron });
    const title = phrase('replies.schedule.confirm', {
      ...documentWords(scheduled(of, context).id),
      cron: cronInWords(cron),
    });
    const text = phrase('replies.confirm_title', { title, minutes: confirmationMinutes });
    return { action: 'confirm', reply: { text, card: questionCard(id, title) } };
  },
});

/** `{every, at, weekday, day}` as five cron fields; null where the words did not say how often. */
function cronOf({ every, at, weekday, day }: NonNullable<Slots['schedule']>): string | null {
  const [hour, minute] = (at ?? '').split(':').map(Number);
  const clock = at ? `${minute} ${hour}` : null;
  const [, count = '', unit = ''] = /^(\d+)([mh])$/.exec(every ?? '') ?? [];
  if (unit === 'm' && Number(count) > 0 && Number(count) < 60) return `*/${Number(count)} * * * *`;
  if (unit === 'h' && Number(count) > 0 && Number(count) < 24) return `0 */${Number(count)} * * *`;
  if (every === 'day' || (every === undefined && clock)) return `${clock ?? '0 2'} * * *`;
  if (every === 'week') return `${clock ?? '0 2'} * * ${(weekday ?? 1) % 7}`;
  if (every === 'month') return `${clock ?? '0 2'} ${day ?? 1} * *`;
  return null;
}
