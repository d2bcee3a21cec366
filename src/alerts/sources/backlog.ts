import { phrase } from '../../phrases.ts';
import { condition, type Source } from '../condition.ts';

const lookEveryMs = 60_000;
const looks = 5;
const leastRuns = 3;

/** Runs that wait for their turn: more at each of several looks, a minute apart. A run that is only large does not add to them. */
export const backlog: Source = async ({ sql, now }, pipeline) => {
  const [seen] = await sql.query<{ waiting: number; grown: number }>(
    `with waiting as (
       select count(*)::int as runs from runs where pipeline = $1 and state in ('queued', 'running')),
     look as (
       insert into backlogs (pipeline, waiting, grown, at) select $1::text, runs, 0, $2::timestamptz from waiting
       on conflict (pipeline) do update set waiting = excluded.waiting, at = excluded.at,
         grown = case when excluded.waiting > backlogs.waiting then backlogs.grown + 1
                      when excluded.waiting < backlogs.waiting then 0 else backlogs.grown end
         where backlogs.at <= $3 returning waiting, grown)
     select waiting, grown from look
     union all select waiting, grown from backlogs where pipeline = $1 and not exists (select 1 from look)`,
    [pipeline, now, new Date(now.getTime() - lookEveryMs)],
  );
  if (!seen || seen.grown < looks || seen.waiting < leastRuns) return [];
  return [
    condition(pipeline, 'backlog_growing', {
      count: seen.waiting,
      unit: 'runs',
      message: phrase('alerts.backlog_growing.message', { count: seen.waiting }),
      next: phrase('alerts.backlog_growing.next'),
    }),
  ];
};
