import { hourMs } from './calendar.ts';

/** Parts of a day: from hour, to hour, and whether small hours in it are in the afternoon. */
const parts: readonly { words: RegExp; from: number; to: number; late?: boolean }[] = [
  { words: /凌晨|半夜/y, from: 0, to: 6 },
  { words: /早上|早晨|清晨|早间|清早|1早|早/y, from: 6, to: 12 },
  { words: /晨/y, from: 6, to: 12 },
  { words: /上午/y, from: 0, to: 12 },
  { words: /中午|午间/y, from: 11, to: 14 },
  { words: /下午|午后/y, from: 12, to: 18, late: true },
  { words: /傍晚/y, from: 17, to: 19, late: true },
  { words: /晚上|晚间|夜里|夜间|深夜|夜晚|晚|夜/y, from: 18, to: 24, late: true },
];
const clockPattern =
  /(?<h>2[0-4]|1\d|0?\d)(?:(?::(?<m>[0-5]\d)(?::(?<s>[0-5]\d))?)|(?:点|时)(?!都|也|不|没|儿)(?:(?<half>半)|(?<quarter>[13])刻|(?<min>[0-5]?\d)分?(?!\d|[天个号日月]))?(?:整|钟)?)(?!\d)/y;

export interface TimeOfDay {
  /** Milliseconds from the day's midnight; half-open. */
  from: number;
  to: number;
  /** A moment rather than a part of the day. */
  point: boolean;
  late: boolean;
  hour: number;
  /** Whether the words said which half of the day it is. */
  told: boolean;
  end: number;
}

/** 「下午3点半」, 「10:30:00」, 「凌晨」 at `index`; a moment without minutes lasts an hour, with minutes a minute. */
export function timeAt(text: string, index: number): TimeOfDay | null {
  let at = index;
  let part: (typeof parts)[number] | undefined;
  for (const one of parts) {
    one.words.lastIndex = at;
    const match = one.words.exec(text);
    if (!match) continue;
    part = one;
    at += match[0].length;
    break;
  }
  clockPattern.lastIndex = at;
  const match = clockPattern.exec(text);
  if (!match) {
    if (!part) return null;
    return {
      from: part.from * hourMs,
      to: part.to * hourMs,
      point: false,
      late: part.late === true,
      hour: part.from,
      told: true,
      end: at,
    };
  }
  const { h, m, s, half, quarter, min } = match.groups ?? {};
  let hour = Number(h);
  if (part?.late && hour <= 12 && hour > 0) hour = hour === 12 && part.from === 12 ? 12 : hour + 12;
  if (part && part.from === 11 && hour < 4) hour += 12;
  if (part && part.from === 0 && part.to === 6 && hour === 12) hour = 0;
  const minute = Number(m ?? min ?? (half ? 30 : Number(quarter ?? 0) * 15));
  const from = hour * hourMs + minute * 60_000 + Number(s ?? 0) * 1000;
  const fine = m !== undefined || minute > 0;
  return {
    from,
    to: from + (fine ? 60_000 : hourMs),
    point: true,
    late: part?.late === true,
    hour,
    told: part !== undefined,
    end: at + match[0].length,
  };
}
