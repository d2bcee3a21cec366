import { fromWall, toDay } from '../shanghai.ts';

/** A number of a document other than an outbound order: a digit of its kind, its day, its place there (0 to 9999). */
export const numberOf = (kind: number, day: Date, place: number): number =>
  Number(`${kind}${toDay(day).slice(2).replaceAll('-', '')}${String(place).padStart(4, '0')}`);

/** The day a number of a kind belongs to; none for a number of something else. */
export function dayOfNumber(kind: number, number: string): Date[] {
  const [, own, year, month, date] = /^(\d)(\d\d)(\d\d)(\d\d)\d{4}$/.exec(number) ?? [];
  const day = own === String(kind) ? fromWall(`20${year}-${month}-${date}`) : null;
  return day ? [day] : [];
}
