import type { DifferenceKind } from './reconciliation.ts';
import { lookUpOrders } from './source.ts';
import { lookUpBills } from './target.ts';
import type { Work } from './work.ts';

/** Documents of each side in one statement: the embedded store answers nobody else meanwhile. */
const batchRows = 200;

/**
 * Both sides of a range of bill numbers, `$2` (exclusive) to `$3` (null = to the end); one kind a document, the first that holds. The
 * source's amount is what should be billed, nothing for a cancelled order: so the differences add up to the difference of the totals.
 * A void bill is not there, and its difference says why.
 */
const pairs = `
  select coalesce(s.key, substr(t.number, length($4::text) + 1)) as key, coalesce(s.number, t.number) as number,
    case when s.stand = 'cancelled' and t.live then 'cancelled_at_source'
         when s.stand = 'due' and t.live is not true then 'missing_in_target'
         when (s.number is null or s.stand in ('withdrawn', 'other')) and t.live then 'extra_in_target'
         when s.stand = 'due' and s.quantity <> t.quantity then 'quantity'
         when s.stand = 'due' and s.amount <> t.amount then 'amount'
         when s.stand = 'due' and t.state <> 'final' and $5::boolean then 'unaudited' end as kind,
    coalesce(s.day, t.day) as day, coalesce(s.shop, '') as shop, coalesce(s.warehouse, '') as warehouse,
    s.stand, case when s.stand = 'due' then s.amount end as source_amount, case when s.stand = 'due' then s.quantity end as source_quantity,
    case when t.live then t.number end as bill, case when t.live then t.amount end as target_amount,
    case when t.live then t.quantity end as target_quantity, t.live is false as void
  from (select * from reconcile_source where id = $1 and number > $2 and ($3::text is null or number <= $3)) s
  full join (select *, state <> 'void' as live from reconcile_target where id = $1 and number > $2 and ($3::text is null or number <= $3)) t
    on t.number = s.number`;

/**
 * Compares both sides range by range, so that no statement is a long one, and drops what is compared. Nothing is said to differ
 * that was not looked at twice: what seems to is asked for once more by number at the target, and at the source where the order is
 * unknown, cancelled or not ours.
 */
export async function compare(work: Work): Promise<void> {
  const { sql, parts, reconciliation } = work;
  const { id, place } = reconciliation;
  const { prefix } = parts.pipeline.bill_number;
  const audits = parts.pipeline.target.after.includes('audit');
  let after = place.page ?? '';
  for (let more = true; more; ) {
    const upTo = await endOfRange(work, after);
    const range = [id, after, upTo, prefix, audits] as const;
    const seeming = await sql.query<{ key: string; number: string; kind: DifferenceKind }>(
      `select key, number, kind from (${pairs}) x where kind is not null`,
      range,
    );
    await lookUpBills(
      work,
      seeming.map(({ number }) => number),
    );
    await lookUpOrders(
      work,
      seeming.flatMap(({ key, kind }) => (kind === 'extra_in_target' || kind === 'cancelled_at_source' ? [key] : [])),
    );
    await sql.transaction(async (tx) => {
      await tx.query(
        `insert into reconcile_differences (id, key, kind, day, shop, warehouse, source_amount, target_amount, source_quantity, target_quantity, reason, document_state)
         select $1, x.key, x.kind, x.day, x.shop, x.warehouse, x.source_amount, x.target_amount, x.source_quantity, x.target_quantity,
           case when not x.void then d.error ->> 'message' end, case when x.void then 'void' else d.state end
         from (${pairs}) x left join documents d on d.pipeline = $6 and d.key = x.key where x.kind is not null`,
        [...range, reconciliation.pipeline],
      );
      await tx.query(
        `insert into reconcile_totals (id, day, shop, warehouse, source_count, source_amount, target_count, target_amount)
         select $1, day, shop, warehouse, count(*) filter (where stand = 'due'), coalesce(sum(source_amount), 0),
           count(bill), coalesce(sum(target_amount), 0)
         from (${pairs}) x where stand = 'due' or bill is not null group by day, shop, warehouse
         on conflict (id, day, shop, warehouse) do update set
           source_count = reconcile_totals.source_count + excluded.source_count,
           source_amount = reconcile_totals.source_amount + excluded.source_amount,
           target_count = reconcile_totals.target_count + excluded.target_count,
           target_amount = reconcile_totals.target_amount + excluded.target_amount`,
        range,
      );
      for (const table of ['reconcile_source', 'reconcile_target'])
        await tx.query(`delete from ${table} where id = $1 and number > $2 and ($3::text is null or number <= $3)`, [
          id,
          after,
          upTo,
        ]);
      await work.reach({ stage: 'compare', index: 0, page: upTo ?? after }, {}, tx);
    });
    more = upTo !== null;
    after = upTo ?? after;
  }
}

/** The number up to which neither side has more than a batch; null = all the rest. */
async function endOfRange({ sql, reconciliation }: Work, after: string): Promise<string | null> {
  const last = (table: string): string =>
    `(select number from ${table} where id = $1 and number > $2 order by number offset ${batchRows - 1} limit 1)`;
  return await sql.transaction(async (tx) => {
    // The index has this order. Without statistics, which fresh rows do not have, the planner would sort all that is left.
    await tx.query('set local enable_sort = off');
    const [row] = await tx.query<{ number: string | null }>(
      `select least(${last('reconcile_source')}, ${last('reconcile_target')}) as number`,
      [reconciliation.id, after],
    );
    return row?.number ?? null;
  });
}
