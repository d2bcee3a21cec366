import { chunk } from '../../chunk.ts';
import { Decimal } from '../../decimal.ts';
import type { ListedEntry } from '../connector.ts';
import type { Work } from './work.ts';

/** Bills in one statement: the embedded store answers nobody else meanwhile. */
const batchBills = 100;

interface Bill {
  number: string;
  day: string;
  amount: Decimal;
  quantity: Decimal;
  state: string;
}

/** The bills by date, day by day; those of other numbering are nobody's here. A day that was left half-way is read again. */
export async function readTarget(work: Work): Promise<void> {
  const { sql, parts, reconciliation } = work;
  const { id, days, place } = reconciliation;
  const { index: first } = place;
  let read = reconciliation.progress.target ?? 0;
  for (const [index, { day }] of days.entries()) {
    if (index < first) continue;
    if (index === first) await sql.query('delete from reconcile_target where id = $1 and day = $2', [id, day]);
    for await (const entries of parts.target.list(day, day)) {
      const { count, batches } = batchesOf(entries, parts.pipeline.bill_number.prefix);
      for (const bills of batches) await addBills(work, bills);
      read += count;
      await work.reach({ stage: 'target', index }, { target: read });
    }
    await work.reach({ stage: 'target', index: index + 1 });
  }
}

/** A page's bills as texts for the database: a page holds thousands of decimals, which need not outlive it. */
function batchesOf(entries: readonly ListedEntry[], prefix: string): { count: number; batches: string[] } {
  const bills = new Map<string, Bill>();
  for (const { number, day, amount, quantity, state } of entries) {
    if (!number.startsWith(prefix)) continue;
    const known = bills.get(number);
    bills.set(number, {
      number,
      day,
      state,
      amount: known ? known.amount.plus(amount) : amount,
      quantity: known ? known.quantity.plus(quantity) : quantity,
    });
  }
  const batches = chunk([...bills.values()], batchBills).map((some) => JSON.stringify(some));
  return { count: bills.size, batches };
}

/** A bill's entries may stand on two pages: their sums are added up. */
async function addBills({ sql, reconciliation }: Work, bills: string): Promise<void> {
  await sql.query(
    `insert into reconcile_target (id, number, day, amount, quantity, state)
     select $1, r.* from jsonb_to_recordset($2::jsonb) as r(number text, day date, amount numeric, quantity numeric, state text)
     on conflict (id, number) do update set amount = reconcile_target.amount + excluded.amount,
       quantity = reconcile_target.quantity + excluded.quantity`,
    [reconciliation.id, bills],
  );
}

/** What seems to differ as the target has it now, wherever its date lies: pages shift while they are read, and people work on. */
export async function lookUpBills({ sql, parts, reconciliation }: Work, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return;
  const { id } = reconciliation;
  const found = await parts.target.find(numbers);
  const gone = numbers.filter((number) => !found.has(number));
  await sql.query('delete from reconcile_target where id = $1 and number = any($2)', [id, gone]);
  const isPriced = parts.target.layout.amount !== null;
  const bills = [...found.values()]
    .map((bill) => (isPriced ? bill : { ...bill, amount: new Decimal(0) }))
    .filter(({ amount, quantity }) => amount !== null && quantity !== null);
  await sql.query(
    `insert into reconcile_target (id, number, day, amount, quantity, state)
     select $1, r.number, coalesce(t.day, s.day), r.amount, r.quantity, r.state
     from jsonb_to_recordset($2::jsonb) as r(number text, amount numeric, quantity numeric, state text)
     left join reconcile_source s on s.id = $1 and s.number = r.number
     left join reconcile_target t on t.id = $1 and t.number = r.number
     on conflict (id, number) do update set amount = excluded.amount, quantity = excluded.quantity, state = excluded.state`,
    [id, JSON.stringify(bills.map(({ number, amount, quantity, state }) => ({ number, amount, quantity, state })))],
  );
}
