import type { NotHeld } from './draft.ts';

interface Fields {
  every: string | null;
  at?: string;
  weekday?: number;
  day?: number;
  ask?: NotHeld;
}

const fiveFields = /(?<![\d*/])(\*|\*\/\d+|\d+) (\*|\*\/\d+|\d+) (\*|\d+) (\*) (\*|[0-7])(?![\d*/])/;
const two = (digits: string): string => digits.padStart(2, '0');

/** A schedule written as the five fields of cron, as far as it can be set: 「*\/30 * * * *」. */
export function cronIn(text: string): (Fields & { span: { from: number; to: number } }) | null {
  const found = fiveFields.exec(text);
  if (!found) return null;
  const [all, minute = '', hour = '', day = '', , weekday = ''] = found;
  const span = { from: found.index, to: found.index + all.length };
  const made = (more: Fields): Fields & { span: typeof span } => ({ ...more, span });
  const rest = `${day} ${weekday}`;
  if (minute.startsWith('*/') && hour === '*' && rest === '* *') return made({ every: `${minute.slice(2)}m` });
  if (/^\d+$/.test(minute) && hour.startsWith('*/') && rest === '* *') return made({ every: `${hour.slice(2)}h` });
  if (minute === '0' && hour === '*' && rest === '* *') return made({ every: '1h' });
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour) || Number(minute) > 59 || Number(hour) > 23)
    return made({ every: null, ask: 'not_sayable' });
  const at = `${two(hour)}:${two(minute)}`;
  if (rest === '* *') return made({ every: 'day', at });
  if (day === '*') return made({ every: 'week', at, weekday: Number(weekday) || 7 });
  if (weekday === '*' && Number(day) >= 1 && Number(day) <= 28) return made({ every: 'month', at, day: Number(day) });
  return made({ every: null, ask: 'not_sayable' });
}
