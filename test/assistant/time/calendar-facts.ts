/** Facts of single days, by whole numbers since 1970 in Shanghai, written without a look at the reader: what the oracle asks. */
export const dayMs = 86_400_000;

export const dayNumber = (iso: string): number => Math.floor((Date.parse(iso) + 8 * 3_600_000) / dayMs);
export const civil = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date) / dayMs;

export interface Facts {
  year: number;
  month: number;
  date: number;
  /** 1 = Monday. */
  weekday: number;
  /** The Monday of its week. */
  monday: number;
  /** How many days its month has. */
  length: number;
}

export function factsOf(day: number): Facts {
  const at = new Date(day * dayMs);
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const weekday = ((day + 3) % 7) + 1;
  return {
    year,
    month,
    date,
    weekday,
    monday: day - weekday + 1,
    length: new Date(Date.UTC(year, month, 0)).getUTCDate(),
  };
}

export const isoOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

const digits = '零一二三四五六七八九';
/** 23 → 二十三. */
export function chinese(n: number): string {
  if (n < 10) return digits[n] ?? '';
  const tens = Math.floor(n / 10);
  return `${tens > 1 ? digits[tens] : ''}十${n % 10 > 0 ? digits[n % 10] : ''}`;
}
/** 2026 → 二〇二六. */
export const spelled = (n: number): string =>
  [...String(n)].map((one) => (one === '0' ? '〇' : digits[Number(one)])).join('');
export const two = (n: number): string => String(n).padStart(2, '0');
