/**
 * Asia/Shanghai wall times. Shanghai has had no daylight saving since 1991, so the offset is +08:00 always; the server's own
 * time zone is never consulted. Instants are epoch milliseconds or Date; wall times are text without a zone.
 */
const offsetMs = 8 * 3_600_000;
export const dayMs = 86_400_000;

/** `2026-11-22 00:00:00`, the wall time of an instant: the form both ERPs speak. */
export function toWall(instant: Date | number): string {
  return new Date(Number(instant) + offsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2026-11-22`, the Shanghai day of an instant. */
export function toDay(instant: Date | number): string {
  return toWall(instant).slice(0, 10);
}

/** `2026-11-22T00:00:00+08:00`, the form of the contracts. */
export function toIso(instant: Date | number): string {
  return `${toWall(instant).replace(' ', 'T')}+08:00`;
}

/**
 * The instant of a Shanghai wall time: `2026-11-22`, `2026-11-22 10:00:00`, `2026-11-22T10:00:00.807`. Null when the text is not
 * such a time or the day does not exist (2026-09-31).
 */
export function fromWall(text: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = match;
  const instant = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) - offsetMs,
  );
  return toWall(instant) === `${year}-${month}-${day} ${hour}:${minute}:${second}` ? instant : null;
}

/** The first instant of the Shanghai day that holds `instant`. */
export function startOfDay(instant: Date | number): Date {
  return new Date(Math.floor((Number(instant) + offsetMs) / dayMs) * dayMs - offsetMs);
}
