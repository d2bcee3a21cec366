import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Gateway, startGateway } from './gateway.ts';

export interface Erps extends Sandbox {
  /** The environment of a house on these two systems. */
  env: Record<string, string>;
  /** What happens to the text of every answer of 聚水潭 on its way. */
  alter: (text: string) => string;
  end(): Promise<void>;
}

/** Both systems at addresses of their own, with a line to 聚水潭 on which a test may alter what is answered. */
export async function startErps(clock: { now: number }): Promise<Erps> {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-erps-'));
  const sandbox = await startSandbox({ dir, now: () => new Date(clock.now) });
  const { jushuitan, kingdee } = sandbox;
  const line: Gateway = await startGateway(async ({ path, body }) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };
    const answer = await fetch(`${jushuitan.origin}${path}`, { method: 'POST', headers, body });
    return erps.alter(await answer.text());
  });
  const erps: Erps = {
    ...sandbox,
    alter: (text) => text,
    env: {
      JUSHUITAN_ROUTE: 'both',
      JUSHUITAN_BASE_URL: line.origin,
      JUSHUITAN_APP_KEY: jushuitan.appKey,
      JUSHUITAN_APP_SECRET: jushuitan.appSecret,
      JUSHUITAN_CUSTOMER_ID: jushuitan.customerId,
      JUSHUITAN_ACCESS_TOKEN: jushuitan.accessToken,
      JUSHUITAN_REFRESH_TOKEN: jushuitan.refreshToken,
      KINGDEE_BASE_URL: kingdee.url,
      KINGDEE_AUTH: 'app-secret',
      KINGDEE_ACCT_ID: kingdee.account.acctId,
      KINGDEE_USERNAME: kingdee.account.username,
      KINGDEE_APP_ID: kingdee.account.appId,
      KINGDEE_APP_SECRET: kingdee.account.appSecret,
    },
    async end() {
      await line.close();
      await sandbox.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return erps;
}

export interface Row {
  io_id: unknown;
  items: unknown;
  [name: string]: unknown;
}

/** Alters the rows of these orders on the wire. A text between two `#` is a number, as JSON.stringify would not spell it. */
export function alterRows(erps: Erps, by: ReadonlyMap<string, (row: Row) => unknown>): void {
  erps.alter = (text) => {
    const body = JSON.parse(text) as { response?: { datas?: Row[] }; data?: { datas?: Row[] } };
    const holder = body.response ?? body.data;
    if (!holder?.datas) return text;
    holder.datas = holder.datas.map((row) => (by.get(String(row.io_id)) ?? ((same: Row) => same))(row) as Row);
    return JSON.stringify(body).replace(/"#([^"#]+)#"/g, '$1');
  };
}
