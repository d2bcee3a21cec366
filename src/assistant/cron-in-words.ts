import { phrase } from '../phrases.ts';

/** Five cron fields as a person says them; those that no sentence here makes stay as they are. */
export function cronInWords(cron: string): string {
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
  return /^\d+$/.test(day) && weekday === '*' ? phrase('replies.schedule.every.month', { at, day }) : cron;
}
