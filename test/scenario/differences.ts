interface Row {
  io_id: number;
  status: string;
}

/**
 * Makes both sides of a sandbox differ in every known way, some of each on every day, and in ways that are no difference. Returns
 * what a reconciliation has to find, as `key kind`.
 */
export async function plantDifferences(
  origins: { jushuitan: string; kingdee: string },
  { from, to }: { from: string; to: string },
): Promise<Set<string>> {
  const post = async (url: string, body: object): Promise<void> => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    await answer.arrayBuffer();
  };
  const bill = (number: string, change: object): Promise<void> =>
    post(`${origins.kingdee}/sandbox/bills`, { number, ...change });
  const order = (key: string, change: object): Promise<void> =>
    post(`${origins.jushuitan}/sandbox/orders/${key}`, change);
  const planted = new Set<string>();
  const before = previousDay(from);
  for (let day = from, n = 0; day <= to; day = nextDay(day), n++) {
    const answer = await fetch(`${origins.jushuitan}/sandbox/orders?day=${day}`);
    const keys = ((await answer.json()) as Row[]).flatMap(({ io_id, status }) =>
      status === 'Confirmed' ? [String(io_id)] : [],
    );
    const step = Math.floor(keys.length / 12);
    const at = (place: number): string => keys[place * step + (n % step)] ?? '';
    const stranger = `9${at(0)}`;
    await bill(`JST${at(1)}`, { remove: true });
    await bill(`JST${at(2)}`, { price: 9999 });
    await bill(`JST${at(3)}`, { quantity: 77 });
    await bill(`JST${at(4)}`, { status: 'B' });
    await bill(`JST${stranger}`, { copy: `JST${at(0)}` });
    await order(at(5), { status: 'Cancelled' });
    planted.add(`${at(1)} missing_in_target`);
    planted.add(`${at(2)} amount`);
    planted.add(`${at(3)} quantity`);
    planted.add(`${at(4)} unaudited`);
    planted.add(`${stranger} extra_in_target`);
    planted.add(`${at(5)} cancelled_at_source`);
    // No differences: a bill of other numbering, one dated elsewhere, an order whose io_date moved away, one cancelled on both sides.
    await bill(`XSCKD${n}`, { copy: `JST${at(6)}` });
    await bill(`JST${at(7)}`, { date: before });
    await order(at(8), { io_date: `${before} 12:00:00` });
    await order(at(9), { status: 'Cancelled' });
    await bill(`JST${at(9)}`, { remove: true });
  }
  return planted;
}

const shifted = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const nextDay = (day: string): string => shifted(day, 1);
const previousDay = (day: string): string => shifted(day, -1);
