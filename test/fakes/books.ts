import type { Bill as SandboxBill } from '../../src/sandbox/kingdee/bill.ts';
import type { Rules } from '../../src/sandbox/kingdee/books.ts';
import type { Difference, ReconciliationReport } from '../../src/sync/reconcile/reconciliation.ts';
import { dayWindow } from '../../src/sync/window.ts';
import type { TestApp } from './app.ts';

export interface Bill extends Omit<SandboxBill, 'model'> {
  model: Record<string, unknown> & { FEntity: Record<string, unknown>[] };
}

/** What a person sees and does by hand in the sandbox's 金蝶. */
export interface Books {
  bills(): Promise<Bill[]>;
  bill(number: string): Promise<Bill | undefined>;
  change(body: object): Promise<void>;
  rules(rules: Partial<Rules>): Promise<void>;
}

export function booksAt(origin: string): Books {
  const post = async (path: string, body: object): Promise<void> =>
    void (await fetch(`${origin}/sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) }));
  const bills = async (): Promise<Bill[]> => (await (await fetch(`${origin}/sandbox/bills`)).json()) as Bill[];
  return {
    bills,
    bill: async (number) => (await bills()).find((one) => one.number === number),
    change: (body) => post('bills', body),
    rules: (rules) => post('rules', rules),
  };
}

/** Reconciles one whole day; the differences by their order. */
export async function reconcileDay(
  app: TestApp,
  day: string,
): Promise<{ report: ReconciliationReport; found: Map<string, Difference> }> {
  const requester = { person: 'terminal:t', conversation: 'terminal:t' };
  const window = dayWindow(day, day, app.ports.now());
  const { id } = await app.reconciler.begin(app.sync.defaultPipeline, window, requester);
  const done = await app.reconciler.carryOut(id);
  const report = done && (await app.reconciler.report(done));
  if (!done || !report) throw new Error('it has not come to an end');
  const found = new Map<string, Difference>();
  for await (const batch of app.reconciler.findings.differences(done)) for (const one of batch) found.set(one.key, one);
  return { report, found };
}
