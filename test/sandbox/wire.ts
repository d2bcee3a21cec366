import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectedOpenSign, expectedTopSign } from '../../src/sandbox/jushuitan/gate.ts';
import { type Sandbox, type SandboxSettings, startSandbox } from '../../src/sandbox/sandbox.ts';
import { toWall } from '../../src/shanghai.ts';

export const now = new Date('2026-11-24T15:00:00+08:00');
export type Row = Record<string, unknown>;

export interface Page {
  rows: Row[];
  hasNext: boolean;
  count: number;
  /** Why it is refused. */
  refused: string | null;
}

export interface Status {
  IsSuccess: boolean;
  MsgCode: number;
  Errors: { FieldName: string; Message: string; DIndex: number }[];
  SuccessEntitys: { Id: number; Number: string; DIndex: number }[];
}

/** Both systems, spoken to over the wire by hand. */
export interface Wire {
  sandbox: Sandbox;
  open(path: string, biz: Row): Promise<Page>;
  qimen(method: string, business: Record<string, string>): Promise<Page>;
  /** An operation of 金蝶 on bills of a form. */
  act(form: string, operation: string, data: Row): Promise<Status>;
  view(form: string, number: string): Promise<Row>;
  ask(form: string, keys: string, filter?: string): Promise<unknown[][]>;
  /** A door of the sandbox's own. */
  door(system: 'jushuitan' | 'kingdee', path: string, body?: object): Promise<unknown>;
  end(): Promise<void>;
}

export async function wireUp(settings: Partial<SandboxSettings> = {}): Promise<Wire> {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-wire-'));
  const limits = { perSecond: 10_000, perMinute: 10_000 };
  const sandbox = await startSandbox({ dir, now: () => now, limits, ...settings });
  const { jushuitan, kingdee } = sandbox;
  const post = async (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    await fetch(url, { method: 'POST', body, headers });
  const { acctId, username, appId, appSecret } = kingdee.account;
  const stub = `${kingdee.url}/Kingdee.BOS.WebApi.ServicesStub`;
  const login = await post(
    `${stub}.AuthService.LoginByAppSecret.common.kdsvc`,
    JSON.stringify({ parameters: [acctId, username, appId, appSecret, 2052] }),
  );
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const call = async (operation: string, body: Row): Promise<unknown> =>
    await (await post(`${stub}.DynamicFormService.${operation}.common.kdsvc`, JSON.stringify(body), { cookie })).json();
  const pageOf = (data: Row): Page => ({
    rows: (data.datas ?? data.inventorys) as Row[],
    hasNext: data.has_next as boolean,
    count: data.data_count as number,
    refused: null,
  });
  const refused = (why: unknown): Page => ({ rows: [], hasNext: false, count: 0, refused: String(why) });
  return {
    sandbox,
    async open(path, biz) {
      const form = new URLSearchParams({
        app_key: jushuitan.appKey,
        access_token: jushuitan.accessToken,
        timestamp: String(now.getTime() / 1000),
        charset: 'utf-8',
        version: '2',
        biz: JSON.stringify(biz),
      });
      form.set('sign', expectedOpenSign(form, jushuitan.appSecret));
      const answer = await post(`${jushuitan.origin}${path}`, form.toString());
      if (answer.status !== 200) return refused(answer.status);
      const { code, msg, data } = (await answer.json()) as { code: number; msg: string; data: Row };
      return code === 0 ? pageOf(data) : refused(`${code} ${msg}`);
    },
    async qimen(method, business) {
      const form = new URLSearchParams({
        app_key: jushuitan.appKey,
        target_app_key: '23060081',
        customer_id: jushuitan.customerId,
        method,
        timestamp: toWall(now),
        format: 'json',
        v: '2.0',
        sign_method: 'md5',
        ...business,
      });
      form.set('sign', expectedTopSign(form, jushuitan.appSecret));
      const { response } = (await (await post(`${jushuitan.origin}/router/qm`, form.toString())).json()) as {
        response: Row;
      };
      return response.flag === 'success' ? pageOf(response) : refused(`${response.code} ${response.sub_message}`);
    },
    async act(form, operation, data) {
      const byNumber = ['Cancel', 'UnCancel'].includes(operation);
      const answer = (await call(byNumber ? 'ExcuteOperation' : operation, {
        formid: form,
        data,
        ...(byNumber ? { opNumber: operation } : {}),
      })) as { Result: { ResponseStatus: Status } };
      return answer.Result.ResponseStatus;
    },
    async view(form, number) {
      const answer = (await call('View', { formid: form, data: { Number: number } })) as { Result: Row };
      return (answer.Result.Result ?? answer.Result.ResponseStatus) as Row;
    },
    ask: async (form, keys, filter = '') =>
      (await call('ExecuteBillQuery', {
        data: { FormId: form, FieldKeys: keys, FilterString: filter, TopRowCount: 0, StartRow: 0, Limit: 10_000 },
      })) as unknown[][],
    async door(system, path, body) {
      const url = `${sandbox[system].origin}/sandbox/${path}`;
      return await (await fetch(url, body ? { method: 'POST', body: JSON.stringify(body) } : {})).json();
    },
    async end() {
      await sandbox.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The base data of a code, as bills name it. */
export const base = (FNumber: string): { FNumber: string } => ({ FNumber });
