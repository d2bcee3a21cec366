import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDuration } from '../../../src/assistant/language/time/duration.ts';
import { readTime } from '../../../src/assistant/language/time/read.ts';
import { readSchedule } from '../../../src/assistant/language/time/schedule.ts';
import { readUntil } from '../../../src/assistant/language/time/until.ts';

const now = '2026-10-20T14:10:00+08:00';
const linesOf = (table: string): [text: string, want: string][] =>
  readFileSync(new URL(`cases/${table}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line.includes(' = ') && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.lastIndexOf(' = ')), line.slice(line.lastIndexOf(' = ') + 3)]);
const words = (text: string, { from, to }: { from: number; to: number }): string => `「${text.slice(from, to)}」`;

describe('schedules', () => {
  test.each(linesOf('schedules'))('%s', (text, want) => {
    const read = readSchedule(text);
    const { every, at, weekday, day, ask, span } = read ?? { every: null, span: { from: 0, to: 0 } };
    const said = [every ?? '?', at, weekday && `#${weekday}`, day && `@${day}`, ask && `?${ask}`, words(text, span)];
    expect(read ? said.filter(Boolean).join(' ') : '-').toBe(want);
  });
});

describe('what recurs is no stretch of time', () => {
  test.each(linesOf('schedules').filter(([text]) => /^(?:每|隔|every)/.test(text)))('%s', (text) =>
    expect(readTime(text, now)).toMatchObject({ range: null, ask: null }),
  );
});

describe('lengths of time', () => {
  test.each(linesOf('durations'))('%s', (text, want) => {
    const read = readDuration(text);
    expect(read ? `${read.value} ${words(text, read.span)}` : '-').toBe(want);
  });
});

describe('until a moment ahead', () => {
  test.each(linesOf('until'))('%s', (text, want) => {
    const read = readUntil(text, now);
    expect(read ? `${read.at.slice(2, 16)} ${words(text, read.span)}` : '-').toBe(want);
  });
});
