import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { nextRun } from '../../sync/scheduler.ts';
import type { Slots } from '../language/slots.ts';
import { defineTool, said, type ToolContext, type ToolResult } from './tool.ts';

/** The schedule in force: what was said in chat, else what the file says. */
async function inForce({ sync, settings }: ToolContext): Promise<{ cron: string; enabled: boolean }> {
  const id = sync.defaultPipeline;
  const file = sync.pipelines.get(id)?.pipeline.schedule;
  return (await settings.schedules()).get(id) ?? { cron: file?.cron ?? '', enabled: file?.enabled ?? false };
}

async function change(context: ToolContext, to: { cron?: string; enabled: boolean }): Promise<ToolResult> {
  const { sync, settings, message, now } = context;
  const schedule = { ...(await inForce(context)), ...to };
  await settings.setSchedule(sync.defaultPipeline, schedule, message.person);
  const next = toWall(nextRun(schedule.cron, now())).slice(5, 16);
  return said(
    schedule.enabled
      ? phrase('replies.schedule.on', { cron: cronInWords(schedule.cron), next })
      : phrase('replies.schedule.off', { cron: cronInWords(schedule.cron) }),
    'run',
  );
}

export const showSchedule = defineTool({
  name: 'show-schedule',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({}),
  answers: { show_schedule: () => ({}) },
  async run(_args, context) {
    const { cron, enabled } = await inForce(context);
    const next = toWall(nextRun(cron, context.now())).slice(5, 16);
    return said(phrase(enabled ? 'replies.schedule.on' : 'replies.schedule.off', { cron: cronInWords(cron), next }));
  },
});

export const pauseSchedule = defineTool({
  name: 'pause-schedule',
  least: 'operator',
  writes: true,
  parameters: z.strictObject({}),
  answers: { pause_schedule: () => ({}) },
  run: (_args, context) => change(context, { enabled: false }),
});

export const resumeSchedule = defineTool({
  name: 'resume-schedule',
  least: 'operator',
  writes: true,
  parameters: z.strictObject({}),
  answers: { resume_schedule: () => ({}) },
  run: (_args, context) => change(context, { enabled: true }),
});

export const setSchedule = defineTool({
  name: 'set-schedule',
  least: 'admin',
  writes: true,
  parameters: z.strictObject({ cron: z.string().max(60) }),
  answers: { set_schedule: ({ schedule }) => ({ cron: cronOf(schedule ?? {}) ?? '' }) },
  async run({ cron }, context) {
    if (cron === '') return said(phrase('replies.schedule.which'), 'clarify');
    return await change(context, { cron, enabled: true });
  },
});

/** `{every, at, weekday}` as five cron fields; null where the words did not say how often. */
function cronOf({ every, at, weekday }: NonNullable<Slots['schedule']>): string | null {
  const [hour, minute] = (at ?? '').split(':').map(Number);
  const clock = at ? `${minute} ${hour}` : null;
  const [, count = '', unit = ''] = /^(\d+)([mh])$/.exec(every ?? '') ?? [];
  if (unit === 'm' && Number(count) > 0 && Number(count) < 60) return `*/${Number(count)} * * * *`;
  if (unit === 'h' && Number(count) > 0 && Number(count) < 24) return `0 */${Number(count)} * * *`;
  if (every === 'day' || (every === undefined && clock)) return `${clock ?? '0 2'} * * *`;
  if (every === 'week') return `${clock ?? '0 2'} * * ${(weekday ?? 1) % 7}`;
  if (every === 'month') return `${clock ?? '0 2'} 1 * *`;
  return null;
}

/** Five cron fields as a person says them; those that no sentence here makes stay as they are. */
function cronInWords(cron: string): string {
  const [, minute = '', hour = '', day = '', month = '', weekday = ''] =
    /^(\S+) (\S+) (\S+) (\S+) (\S+)$/.exec(cron) ?? [];
  const every = (count: string, unit: 'minutes' | 'hours'): string =>
    phrase(`replies.schedule.every.${unit}`, { count: count.slice(2) });
  if (month !== '*') return cron;
  if (/^\*\/\d+$/.test(minute) && `${hour} ${day} ${weekday}` === '* * *') return every(minute, 'minutes');
  if (minute === '0' && /^\*\/\d+$/.test(hour) && `${day} ${weekday}` === '* *') return every(hour, 'hours');
  if (!/^\d+ \d+$/.test(`${minute} ${hour}`)) return cron;
  const at = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day === '*' && weekday === '*') return phrase('replies.schedule.every.day', { at });
  if (day === '*' && /^[0-6]$/.test(weekday))
    return phrase('replies.schedule.every.week', { at, weekday: phrase(`replies.weekday.${weekday}`) });
  return day === '1' && weekday === '*' ? phrase('replies.schedule.every.month', { at }) : cron;
}
