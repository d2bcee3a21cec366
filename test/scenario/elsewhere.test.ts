import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Decimal } from '../../src/decimal.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { runReport } from '../../src/sync/service.ts';
import { startApp, syncDays } from '../fakes/app.ts';

const day = '2026-11-23';
let clock: { now: number };
let dir: string;
let elsewhere: Sandbox;
beforeEach(async () => {
  clock = { now: Date.parse('2026-11-24T15:00:00+08:00') };
  dir = mkdtempSync(join(tmpdir(), 'xiaoqing-erp-'));
  elsewhere = await startSandbox({ dir, now: () => new Date(clock.now) });
});
afterEach(async () => {
  await elsewhere.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Order {
  io_id: number;
  status: string;
  items: { sale_amount?: string | number; amount?: string | number }[];
}
interface Bill {
  number: string;
  status: string;
  model: { FEntity: { FTaxPrice: number | string; FRealQty: number | string }[] };
}
const get = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;

test.each([
  ['signature', 'both', 'md5'],
  ['app-secret', 'qimen', 'hmac'],
  ['login-sign', 'open', 'md5'],
  ['password', 'both', 'hmac-sha256'],
])(
  'systems at other addresses, by environment alone: %s, route %s, %s; answers lost and sessions dropped',
  async (auth, route, sign) => {
    const { jushuitan, kingdee } = elsewhere;
    const { account } = kingdee;
    const app = await startApp(
      {
        JUSHUITAN_ROUTE: route,
        JUSHUITAN_BASE_URL: jushuitan.origin,
        JUSHUITAN_APP_KEY: jushuitan.appKey,
        JUSHUITAN_APP_SECRET: jushuitan.appSecret,
        JUSHUITAN_CUSTOMER_ID: jushuitan.customerId,
        JUSHUITAN_SIGN_METHOD: sign,
        JUSHUITAN_ACCESS_TOKEN: 'long-expired',
        JUSHUITAN_REFRESH_TOKEN: jushuitan.refreshToken,
        KINGDEE_BASE_URL: kingdee.url,
        KINGDEE_AUTH: auth,
        KINGDEE_ACCT_ID: account.acctId,
        KINGDEE_USERNAME: account.username,
        KINGDEE_PASSWORD: account.password,
        KINGDEE_APP_ID: account.appId,
        KINGDEE_APP_SECRET: account.appSecret,
      },
      clock,
    );
    try {
      const faults = ['BatchSave', 'Submit', 'Audit', 'BatchSave'].flatMap((path, index) => [
        { kind: index === 3 ? 'session_lost' : 'reset_after', count: 1, path },
      ]);
      await fetch(`${kingdee.origin}/faults`, { method: 'POST', body: JSON.stringify(faults) });
      const report = runReport(await syncDays(app, day));
      expect(report.state).toBe('partial');
      const { fetched, written, existing, failed, skipped } = report.counts;
      expect(written + existing + failed + skipped).toBe(fetched);
      expect(existing).toBe(0);
      const bills = await get<Bill[]>(`${kingdee.origin}/sandbox/bills`);
      const audited = bills.filter(({ status }) => status === 'C');
      expect(audited).toHaveLength(written);
      expect(new Set(bills.map(({ number }) => number)).size).toBe(bills.length);
      const orders = await get<Order[]>(`${jushuitan.origin}/sandbox/orders?day=${day}`);
      for (const { number, model } of audited) {
        const order = orders.find(({ io_id }) => number === `JST${io_id}`);
        const owed = (order?.items ?? []).reduce(
          (sum, line) => sum.plus(line.sale_amount ?? line.amount ?? 0),
          new Decimal(0),
        );
        const billed = model.FEntity.reduce(
          (sum, line) => sum.plus(new Decimal(line.FTaxPrice).times(line.FRealQty).toDecimalPlaces(2)),
          new Decimal(0),
        );
        expect(billed.toFixed(2), number).toBe(owed.toFixed(2));
      }
    } finally {
      await app.end();
    }
  },
  60_000,
);
