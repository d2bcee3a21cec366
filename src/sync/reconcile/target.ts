import type { Decimal } from '../../decimal.ts';
import type { ListedEntry } from '../connector.ts';
import type { Work } from './work.ts';

/** Bills in one statement: the embedded store answers nobody else meanwhile. */
const batchBills = 250;

interface Bill {
  number: string;
  day: string;
  amount: Decimal;
  quantity: Decimal;
  status: string;
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
      const bills = billsOf(entries.filter(({ number }) => number.startsWith(parts.pipeline.bill_number.prefix)));
      for (let from = 0; from < bills.length; from += batchBills)
        await addBills(work, bills.slice(from, from + batchBills));
      await work.reach({ stage: 'target', index }, { target: read + bills.length });
      read += bills.length;
    }
    await work.reach({ stage: 'target', index: index + 1 });
  }
}

function billsOf(entries: readonly ListedEntry[]): Bill[] {
  const bills = new Map<string, Bill>();
  for (const { number, day, amount, quantity, status } of entries) {
    const known = bills.get(number);
    bills.set(number, {
      number,
      day,
      status,
      amount: known ? known.amount.plus(amount) : amount,
      quantity: known ? known.quantity.plus(quantity) : quantity,
    });
  }
  return [...bills.values()];
}

/** A bill's entries may stand on two pages: their sums are added up. */
async function addBills({ sql, reconciliation }: Work, bills: readonly Bill[]): Promise<void> {
  await sql.query(
    `insert into reconcile_target (id, number, day, amount, quantity, status)
     select $1, r.* from jsonb_to_recordset($2::jsonb) as r(number text, day date, amount numeric, quantity numeric, status text)
     on conflict (id, number) do update set amount = reconcile_target.amount + excluded.amount,
       quantity = reconcile_target.quantity + excluded.quantity`,
    [reconciliation.id, JSON.stringify(bills)],
  );
}

/** What seems to differ as the target has it now, wherever its date lies: pages shift while they are read, and people work on. */
export async function lookUpBills({ sql, parts, reconciliation }: Work, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return;
  const { id } = reconciliation;
  const found = await parts.target.find(numbers);
  const gone = numbers.filter((number) => !found.has(number));
  await sql.query('delete from reconcile_target where id = $1 and number = any($2)', [id, gone]);
  const bills = [...found.values()].filter(({ amount, quantity }) => amount !== null && quantity !== null);
  await sql.query(
    `insert into reconcile_target (id, number, day, amount, quantity, status)
     select $1, r.number, coalesce(t.day, s.day), r.amount, r.quantity, r.status
     from jsonb_to_recordset($2::jsonb) as r(number text, amount numeric, quantity numeric, status text)
     left join reconcile_source s on s.id = $1 and s.number = r.number
     left join reconcile_target t on t.id = $1 and t.number = r.number
     on conflict (id, number) do update set amount = excluded.amount, quantity = excluded.quantity, status = excluded.status`,
    [id, JSON.stringify(bills.map(({ number, amount, quantity, status }) => ({ number, amount, quantity, status })))],
  );
}
