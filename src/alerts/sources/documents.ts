import { isOpenFailure } from '../../sync/outcomes.ts';
import { condition, type Source } from '../condition.ts';

const most = 20;

/** Documents that failed for good, by cause. */
export const failedDocuments: Source = async ({ sql }, pipeline) => {
  const rows = await sql.query<{
    category: string;
    count: number;
    message: string | null;
    next: string | null;
    orders: string[];
    subjects: string[][] | null;
    details: Record<string, string | number>[] | null;
  }>(
    `select coalesce(category, 'unknown') as category, count(*) as count, min(error ->> 'message') as message, min(error ->> 'next') as next,
       (array_agg(key order by key))[1:5] as orders,
       (jsonb_agg(error -> 'subjects' order by key) filter (where error -> 'subjects' is not null)) as subjects,
       jsonb_agg(distinct error -> 'params') filter (where error -> 'params' is not null) as details
     from documents where pipeline = $1 and ${isOpenFailure()} group by 1 order by 1`,
    [pipeline],
  );
  return rows.map(({ category, count, message, next, orders, subjects, details }) =>
    condition(pipeline, category, {
      count,
      unit: 'orders',
      message: message ?? '',
      next: next ?? '',
      orders,
      subjects: [...new Set((subjects ?? []).flat())].slice(0, most),
      details: (details ?? []).slice(0, most),
    }),
  );
};
