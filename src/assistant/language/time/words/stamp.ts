import { toWall } from '../calendar.ts';

// A minus is a zone only behind seconds and a T: 「2026-09-05 10:00-12:00」 is a range.
const stamp =
  /(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})?(Z|\+\d\d:?\d\d|(?<=:\d\d:\d\d)-\d\d:?\d\d)?| (\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})? ?(Z|\+\d\d:?\d\d))(?!\d)/iy;

/** A full ISO stamp at `from`, with or without a zone (then it is ours): wall time and where it ends. */
export function readStamp(text: string, from: number): { at: number; end: number } | null {
  stamp.lastIndex = from;
  const match = stamp.exec(text);
  if (!match) return null;
  const [whole, date, clock = match[5], seconds = match[6] ?? ':00', zone = match[7] ?? '+08:00'] = match;
  const offset = /^z$/i.test(zone) ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const at = toWall(`${date}T${clock}${seconds}${offset}`);
  return Number.isNaN(at) ? null : { at, end: from + whole.length };
}
