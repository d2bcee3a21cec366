/**
 * Which of several readings of the same characters holds: of two that cover as much with as few phrases, the one that costs less.
 * Whatever is written out in full costs nothing.
 */
export const cost = {
  /** A number whose unit stands with another: 「5到8号」, 「9月5」. */
  bare: 1,
  /** A festival's days off rather than its day. */
  daysOff: 1,
  /** 「上两周前的周五」: the week so long ago rather than the day. */
  weekAgo: 2,
  /** 「3日前」 as three days ago rather than before the third; 「25年前」. */
  ago: 2,
  /** 「三日前」, 「7日内」 count rather than name a day. */
  counting: -1,
  /** A year of four digits without its 年. */
  bareYear: 2,
  /** Four digits as month and day, a number as a sales day. */
  compact: 3,
  /** Month and day with a dash between, which could be a range. */
  dashed: 3,
  /** Day before month. */
  dayFirst: 4,
  /** What stands behind it holds it: 「9am yesterday」. */
  turned: 1,
  /** Words of another sense that sound like a joint: 「5号道8号」. */
  slip: 4,
} as const;
