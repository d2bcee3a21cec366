import { documentWords } from '../../documents.ts';
import { duration } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { dayMs, toWall } from '../../shanghai.ts';
import { condition, type Source } from '../condition.ts';

const shortestMs = 1_800_000;
const leastWeeks = 2;
/** So many orders in each of the weeks before make an empty stretch strange. */
const usualOrders = 5;

/**
 * The source is silent for longer than its habit: since the last order nothing came, though in each of the last 2–4 weeks the same
 * stretch of the week brought orders. The stretch ends where the source has been read to, not now: who has not looked knows
 * nothing. Nights and Sundays that are always quiet are quiet in those weeks, too.
 */
export const silentSource: Source = async ({ sql, now }, pipeline) => {
  const [read] = await sql.query<{ until: Date | null; last: Date | null }>(
    `select (select max(until) from watermarks where pipeline = $1) as until,
       (select max(io_date) from documents where pipeline = $1 and io_date <= $2) as last`,
    [pipeline, now],
  );
  const { until, last } = read ?? {};
  if (!until || !last || now.getTime() - until.getTime() > dayMs) return [];
  const gap = until.getTime() - last.getTime();
  if (gap < shortestMs) return [];
  const weeks = await sql.query<{ orders: number }>(
    `select (select count(*) from documents where pipeline = $1 and io_date > $2::timestamptz - back and io_date < $3::timestamptz - back) as orders
     from (select week * interval '7 days' as back from generate_series(1, 4) week) weeks
     where $2::timestamptz - back >= (select min(io_date) from documents where pipeline = $1)`,
    [pipeline, last, until],
  );
  if (weeks.length < leastWeeks || weeks.some(({ orders }) => orders < usualOrders)) return [];
  const usual = Math.min(...weeks.map(({ orders }) => orders));
  const since = toWall(last).slice(5, 16);
  return [
    condition(pipeline, 'source_silent', {
      count: 1,
      unit: 'none',
      message: phrase('alerts.source_silent.message', {
        ...documentWords(pipeline),
        since,
        gap: duration(gap),
        weeks: weeks.length,
        usual,
      }),
      next: phrase('alerts.source_silent.next'),
    }),
  ];
};
