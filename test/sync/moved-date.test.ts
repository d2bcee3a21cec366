import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Decimal } from '../../src/decimal.ts';
import { AppError } from '../../src/errors.ts';
import type { BillRef, FoundBill, StepResult, Target, TargetBill } from '../../src/sync/connector.ts';
import { Ledger } from '../../src/sync/ledger.ts';
import type { Run } from '../../src/sync/run.ts';
import { WriteQueue } from '../../src/sync/write-queue.ts';
import { Writer } from '../../src/sync/writer.ts';
import { startApp, type TestApp } from '../fakes/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => await app.end());

const day = '2026-12-01';
const amount = new Decimal('12.30');
const timeoutMs = 30_000;
const stepNames = ['unsubmit', 'remove', 'save', 'submit', 'audit'] as const;
type StepName = (typeof stepNames)[number];
/** What becomes of the answer to a step: lost, or it never reaches us because we are dead. */
type Fate = 'lost' | 'late' | 'dead';

/** A target that holds one bill number, whose steps do what 金蝶's do. */
class OneBill {
  bill: FoundBill | null = null;
  readonly done: string[] = [];
  fates: Partial<Record<StepName, Fate>> = {};
  /** What lands when the clock has come so far. */
  #late: { at: number; land: () => void }[] = [];

  #land(): void {
    const due = this.#late.filter(({ at }) => at <= app.clock.now);
    this.#late = this.#late.filter(({ at }) => at > app.clock.now);
    for (const { land } of due) land();
  }

  async find(): Promise<Map<string, FoundBill>> {
    this.#land();
    return new Map(this.bill ? [[this.bill.number, { ...this.bill }]] : []);
  }

  /** Each step goes on from some states only; a bill that is in the books is in none of those of taking back. */
  step = async (
    name: StepName,
    from: readonly (FoundBill['state'] | '-')[],
    then: () => void,
  ): Promise<StepResult[]> => {
    this.#land();
    const fate = this.fates[name];
    delete this.fates[name];
    const land = (): void => {
      if (!from.includes(this.bill?.state ?? '-')) return;
      this.done.push(name);
      then();
    };
    if (fate === 'late') this.#late.push({ at: app.clock.now + timeoutMs + 5000, land });
    const refused = !from.includes(this.bill?.state ?? '-');
    if (fate !== 'late') land();
    if (fate === 'dead') throw new AppError('internal.unexpected', 'internal');
    if (fate) throw new AppError(fate === 'late' ? 'http.timeout' : 'http.cut', 'in_doubt', { category: 'transport' });
    return refused
      ? [{ ok: false, number: 'B1', error: new AppError('kingdee.wrong_state', 'conflict', { category: 'unknown' }) }]
      : [{ ok: true, id: '1', number: 'B1' }];
  };
}

let erp: OneBill;
const put = (state: FoundBill['state'], on: string): FoundBill => ({
  id: '1',
  number: 'B1',
  state,
  day: on,
  party: null,
  amount,
  quantity: null,
});
const set = (state: FoundBill['state']) => () => {
  if (erp.bill) erp.bill.state = state;
};
const target = (): Target =>
  ({
    timeoutMs,
    find: () => erp.find(),
    save: (bills: readonly TargetBill[]) =>
      erp.step('save', ['-'], () => {
        erp.bill = put('draft', String(bills[0]?.model.FDate));
      }),
    submit: (_: readonly BillRef[]) => erp.step('submit', ['draft'], set('submitted')),
    audit: () => erp.step('audit', ['submitted'], set('final')),
    unsubmit: () => erp.step('unsubmit', ['submitted'], set('draft')),
    remove: () =>
      erp.step('remove', ['draft'], () => {
        erp.bill = null;
      }),
    explain: async (_bill: TargetBill, error: AppError) => error,
  }) as unknown as Target;

let runs = 0;
/** One run over the document, with so many attempts. */
async function write(goal: 'draft' | 'final' = 'final', attempts = 5): Promise<void> {
  const { sql } = app.store;
  const run = { id: `run${++runs}`, pipeline: 'p' } as Run;
  await sql.query(
    `insert into runs (id, pipeline, kind, trigger, window_by, window_start, window_end, requester, state, created_at)
     values ($1, 'p', 'retry', 'chat', 'io_date', $2, $2, '{}', 'running', $2)`,
    [run.id, app.ports.now()],
  );
  const ledger = new Ledger(sql, app.ports.now);
  await ledger.joinRun(run, 'k');
  const document = await ledger.document('p', 'k');
  if (!document) throw new Error('no document');
  const { now, sleep } = app.ports;
  const parts = { queue: new WriteQueue(sql, now), target: target(), now, mayWrite: async () => undefined };
  const writer = new Writer(parts, { goal, attempts, maxDelayMs: 60_000, settleMs: 10_000 });
  const mapped = {
    document,
    bill: { number: 'B1', model: { FDate: day } },
    amount,
    party: null,
    content: 'c',
    warnings: [],
  };
  for (let open = [writer.jobOf(run, mapped)]; open.length > 0; ) {
    const [{ dueAt } = { dueAt: now() }] = open;
    if (dueAt > now()) await sleep(dueAt.getTime() - now().getTime());
    open = await writer.pass(run, open);
  }
}
const outcome = async (): Promise<unknown> =>
  (
    await app.store.sql.query<{ state: string; outcome: string }>(
      `select d.state, r.outcome from documents d join run_documents r on r.key = d.key where r.run_id = $1`,
      [`run${runs}`],
    )
  )[0];

/** A bill that failed at its audit because its day is closed, and the day it is moved to. */
beforeEach(async () => {
  erp = new OneBill();
  erp.bill = put('submitted', '2026-11-30');
  const { sql } = app.store;
  await sql.query('delete from documents');
  await sql.query(
    `insert into documents (pipeline, key, state, source_status, modified, io_date, shop_id, shop_name, warehouse_id, amount, quantity, raw,
       bill_number, target_id, category, error, date_override, first_seen_at, updated_at)
     values ('p', 'k', 'failed', 'Confirmed', $1, $1, '1', 's', 'w', 12.3, 1, '{}', 'B1', '1', 'period_closed', '{}', $2, $1, $1)`,
    [app.ports.now(), day],
  );
});

const moved = { state: 'final', day };

test('a submitted bill is taken back, removed and saved anew, in one attempt', async () => {
  await write('final', 1);
  expect(erp.done).toEqual(stepNames);
  expect(erp.bill).toMatchObject(moved);
  expect(await outcome()).toEqual({ state: 'done', outcome: 'written' });
});

test.each(stepNames)(
  'killed after %s: the next run comes to the same end, and nothing is there twice',
  async (step) => {
    erp.fates[step] = 'dead';
    await expect(write()).rejects.toThrow();
    await write();
    expect(erp.done).toEqual(stepNames);
    expect(erp.bill).toMatchObject(moved);
    expect(await outcome()).toMatchObject({ state: 'done' });
  },
);

test.each(stepNames)('the answer to %s is lost', async (step) => {
  erp.fates[step] = 'lost';
  await write();
  expect(erp.done).toEqual(stepNames);
  expect(erp.bill).toMatchObject(moved);
});

test.each(['draft', 'final'] as const)('a removal that lands late takes nothing new out (goal %s)', async (goal) => {
  erp.bill = put('draft', '2026-11-30');
  erp.fates.remove = 'late';
  await write(goal);
  app.clock.now += 600_000;
  await erp.find();
  expect(erp.done.filter((step) => step === 'remove')).toHaveLength(1);
  expect(erp.bill).toMatchObject({ state: goal, day });
});

test('one that somebody audits meanwhile stays as it is', async () => {
  const { step } = erp;
  erp.step = async (name, from, then) => {
    if (name === 'unsubmit') set('final')();
    return await step(name, from, then);
  };
  await write();
  expect(erp.done).toEqual([]);
  expect(erp.bill).toMatchObject({ state: 'final', day: '2026-11-30' });
  expect(await outcome()).toEqual({ state: 'done', outcome: 'existing' });
});
