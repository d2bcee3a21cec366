import type { Button } from '../channels/message.ts';
import { documentWords } from '../documents.ts';
import { someOf } from '../format.ts';
import { phrase } from '../phrases.ts';
import { dayMs, toWall } from '../shanghai.ts';
import type { DayRead } from '../sync/coverage.ts';
import { parseDay } from '../sync/window.ts';

/** Days that follow each other and were read alike, first and last. */
interface Stretch {
  first: string;
  last: string;
  read: DayRead['read'];
  until: Date | null;
}

const mostNamed = 4;
const after = (day: string): number => parseDay(day).getTime() + dayMs;

function stretches(days: readonly DayRead[]): Stretch[] {
  const found: Stretch[] = [];
  for (const { day, read, until } of days) {
    const last = found.at(-1);
    const goesOn = last && last.read === read && !last.until && !until && after(last.last) === parseDay(day).getTime();
    if (goesOn) last.last = day;
    else found.push({ first: day, last: day, read, until });
  }
  return found.filter(({ read }) => read !== 'whole');
}

const short = ({ first, last }: Stretch): string => {
  const [from, to] = [first.slice(5), last.slice(5)];
  return first === last ? from : phrase('report.coverage.days', { from, to });
};

/** Which days figures do not stand for, in a sentence; '' where they stand for all. */
export function notRead(days: readonly DayRead[]): string {
  const gaps = stretches(days);
  if (gaps.length === 0) return '';
  const said = gaps.map((gap) =>
    phrase(`report.coverage.${gap.until ? 'until' : gap.read}`, {
      days: short(gap),
      until: gap.until ? toWall(gap.until).slice(11, 16) : '',
    }),
  );
  return phrase('report.coverage.missing', { days: someOf(said, mostNamed) });
}

/** The offer to read the first of these days, and to sync them. */
export function readButtons(days: readonly DayRead[], pipeline: string): Button[] {
  const [first] = stretches(days);
  if (!first) return [];
  const rest = days.filter(({ day, read }) => day >= first.first && read !== 'whole');
  let last = first.last;
  for (const { day } of rest) if (after(last) === parseDay(day).getTime()) last = day;
  const stretch = { ...first, last };
  const spelled = first.first === last ? last : phrase('report.days', { from: first.first, to: last });
  return (['read', 'sync'] as const).map((name) => {
    const text = phrase(`report.say.${name}`, { ...documentWords(pipeline), days: spelled });
    return {
      label: phrase(`report.button.${name}`, { days: short(stretch) }),
      style: 'default',
      action: { name: 'say', args: { text } },
      say: text,
    };
  });
}
