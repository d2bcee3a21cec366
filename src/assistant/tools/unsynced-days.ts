import { z } from 'zod';
import type { Button } from '../../channels/message.ts';
import { documentWords } from '../../documents.ts';
import { daysLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { dayMs, startOfDay, toDay, toIso, toWall } from '../../shanghai.ts';
import { type HowRead, type SeenDay, seenDays } from '../../sync/seen.ts';
import type { Window } from '../../sync/window.ts';
import { pipelineArgs, pipelineOf, windowArgs, windowOf } from './arguments.ts';
import { defineTool, said, take } from './tool.ts';

/** Days looked at where nobody says which, and at most. */
const looked = { usual: 30, most: 366 };
const buttonsAtMost = 4;
const shown = { words: 5, rows: 40 };
const hows: readonly HowRead[] = ['never', 'part', 'open', 'whole'];

/** Days that stand alike, one after the other. */
interface Stretch extends Window {
  days: readonly SeenDay[];
}

/** Which days of a range were never read, only in part or too early, or still have orders that are not in the target. */
export const unsyncedDays = defineTool({
  name: 'unsynced-days',
  least: 'viewer',
  parameters: z.strictObject({ ...windowArgs, ...pipelineArgs }),
  answers: { unsynced_days: (slots) => take(slots, 'start', 'end', 'document') },
  async run(args, context) {
    const { sync, sql, now } = context;
    const pipeline = pipelineOf(args, context);
    const words = documentWords(pipeline);
    const parts = sync.pipelines.get(pipeline);
    const asked = windowOf(args);
    const window = closedDays(asked, now());
    if (!window || !parts)
      return said(phrase('days.not_yet', { range: daysLabel(asked?.start ?? now(), asked?.end ?? now()) }));
    const days = await seenDays(sql, parts.pipeline, window);
    const range = daysLabel(window.start, window.end);
    const wanting = stretchesOf(days, ({ read, failed }) => (read === 'whole' && failed === 0 ? null : read));
    if (wanting.length === 0) return said(phrase('days.even', { ...words, range, days: days.length }));
    const title = phrase('days.title', { ...words, range, days: days.length, what: summaryOf(days) });
    const missing = stretchesOf(days, ({ read }) => (read === 'whole' ? null : 'missing'));
    const left = missing.length - buttonsAtMost;
    const more = left > 0 ? [phrase('days.more', { count: left })] : [];
    const rows = wanting.map((stretch) => [daysLabel(stretch.start, stretch.end), howOf(stretch)]);
    const lines = rows.slice(0, shown.words).map(([range = '', how = '']) => phrase('days.line', { range, how }));
    return {
      action: 'reply',
      reply: {
        text: [title, ...lines, ...more].join('\n'),
        card: {
          id: 'unsynced-days',
          title,
          tone: 'warn',
          blocks: [
            {
              type: 'table',
              columns: ['days', 'how'].map((column) => phrase(`days.column.${column}`)),
              rows: rows.slice(0, shown.rows),
              ...(rows.length > shown.rows ? { omitted: rows.length - shown.rows } : {}),
            },
            ...more.map((text) => ({ type: 'text' as const, text })),
          ],
          buttons: [
            ...missing.slice(0, buttonsAtMost).map((stretch, index) => syncButton(pipeline, stretch, index === 0)),
            ...failuresButton(pipeline, days, window),
          ],
        },
      },
    };
  },
});

/** The whole days of what was asked for that are over; null where none is. Without a range the last thirty. */
function closedDays(asked: Window | undefined, now: Date): Window | null {
  const today = startOfDay(now);
  const start = asked ? startOfDay(asked.start) : new Date(today.getTime() - looked.usual * dayMs);
  const last = asked ? startOfDay(asked.end.getTime() - 1).getTime() + dayMs : today.getTime();
  const end = new Date(Math.min(last, today.getTime()));
  const earliest = end.getTime() - looked.most * dayMs;
  return start < end ? { start: new Date(Math.max(start.getTime(), earliest)), end } : null;
}

/** Days of the same name one after the other; null leaves one out. */
function stretchesOf(days: readonly SeenDay[], nameOf: (day: SeenDay) => string | null): Stretch[] {
  const stretches: Stretch[] = [];
  let before: string | null = null;
  for (const day of days) {
    const name = nameOf(day);
    const end = new Date(day.start.getTime() + dayMs);
    const last = stretches.at(-1);
    if (name !== null && name === before && last) stretches.splice(-1, 1, { ...last, end, days: [...last.days, day] });
    else if (name !== null) stretches.push({ start: day.start, end, days: [day] });
    before = name;
  }
  return stretches;
}

const failedIn = (days: readonly SeenDay[]): number => days.reduce((sum, { failed }) => sum + failed, 0);

function summaryOf(days: readonly SeenDay[]): string {
  return hows
    .map(
      (how) =>
        [how, days.filter(({ read, failed }) => read === how && (how !== 'whole' || failed > 0)).length] as const,
    )
    .filter(([, count]) => count > 0)
    .map(([how, count]) => phrase(`days.count.${how}`, { count }))
    .join('，');
}

function howOf({ days }: Stretch): string {
  const [first, ...others] = days;
  const until = others.length === 0 ? first?.until : null;
  const how = until
    ? phrase('days.how.open_until', { until: toWall(until).slice(5, 16) })
    : phrase(`days.how.${first?.read ?? 'never'}`);
  const failed = failedIn(days);
  return failed > 0 ? phrase('days.failed', { how, count: failed }) : how;
}

const lastDay = ({ end }: Window): string => toDay(end.getTime() - 1);

/** As any sync of these days: it asks where it is large. */
const syncButton = (pipeline: string, { start, end }: Window, first: boolean): Button => ({
  label: phrase('days.button.sync', { range: daysLabel(start, end) }),
  style: first ? 'primary' : 'default',
  action: { name: 'sync-orders', args: { pipeline, start: toIso(start), end: toIso(end) } },
  say: phrase('days.say.sync', { ...documentWords(pipeline), from: toDay(start), to: lastDay({ start, end }) }),
});

function failuresButton(pipeline: string, days: readonly SeenDay[], { start, end }: Window): Button[] {
  const count = failedIn(days);
  if (count === 0) return [];
  return [
    {
      label: phrase('days.button.failures', { count }),
      style: 'default',
      action: { name: 'list-failures', args: { pipeline, start: toIso(start), end: toIso(end) } },
      say: phrase('days.say.failures', { ...documentWords(pipeline), from: toDay(start), to: lastDay({ start, end }) }),
    },
  ];
}
