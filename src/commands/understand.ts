import { createInterface } from 'node:readline/promises';
import { readDates } from '../assistant/language/dates/read.ts';
import { understand as read } from '../assistant/language/understand.ts';
import type { Turn } from '../assistant/language/understanding.ts';
import { options, print } from './ports.ts';

/** `understand [--dates]`: JSONL in, JSONL out. Pure: no network, no store, no model. */
export async function understand(args: string[]): Promise<number> {
  const { dates } = options(args, { dates: 'boolean' });
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const { id, now, text, prior } = JSON.parse(line) as { id: string; now: string; text: string; prior?: Turn[] };
    if (dates) {
      const { range } = readDates(text, now);
      print(JSON.stringify({ id, start: range?.start ?? null, end: range?.end ?? null }));
      continue;
    }
    const { intent, slots, action, also } = read({ text, now, ...(prior ? { prior } : {}) });
    print(
      JSON.stringify({ id, intent, slots, action, ...(also ? { also: also.map(({ why, ...rest }) => rest) } : {}) }),
    );
  }
  return 0;
}
