import { readFileSync } from 'node:fs';

/**
 * A table of sentences: `text = what is right`, alternatives apart by ` | `. Days are `yy-mm-dd`; `a..b` holds b; with a clock the end is
 * exclusive; `now` is the moment of the heading `@ 2026-10-20T14:10` above it. `?kind` is a question, `-` no time.
 */
export interface Case {
  text: string;
  now: string;
  want: readonly string[];
}

export function casesOf(table: string): Case[] {
  const cases: Case[] = [];
  let now = '';
  for (const line of readFileSync(new URL(`cases/${table}.txt`, import.meta.url), 'utf8').split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const at = line.lastIndexOf(' = ');
    if (line.startsWith('@')) now = `${line.slice(2).trim()}:00+08:00`;
    else
      cases.push({
        text: line.slice(0, at).normalize('NFKC'),
        now,
        want: line
          .slice(at + 3)
          .split(' | ')
          .map((one) => one.trim()),
      });
  }
  return cases;
}

const hour = 3_600_000;
const minute = 60_000;

function instant(written: string, end: boolean): number {
  const [, year, month, date, clock] = /^(\d\d)-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?$/.exec(written) ?? [];
  const at = Date.parse(`20${year}-${month}-${date}T${clock ?? '00:00'}:00+08:00`);
  return end && !clock ? at + 24 * hour : at;
}

/** What a reading is judged by: any two ends that lie ahead are the same, since there are no orders of the future. */
export function judge(
  { now, want }: Case,
  { range, ask }: { range: { start: string; end: string } | null; ask: string | null },
): boolean {
  const present = Date.parse(now);
  return want.some((one) => {
    if (one === '-') return range === null && ask === null;
    if (one.startsWith('?')) return range === null && ask === one.slice(1);
    if (!range) return false;
    const [first = '', last = first] = one.split('..');
    const end = last === 'now' ? present : instant(last, true);
    const got = Date.parse(range.end);
    const ahead = end >= present - minute && got >= present - minute;
    return (
      Math.abs(Date.parse(range.start) - instant(first, false)) <= minute && (ahead || Math.abs(got - end) <= minute)
    );
  });
}
