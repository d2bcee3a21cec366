// `node test/bench-window.ts [--json]`: a window beside the floor of what both systems allow, and beside the script users write.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { projectRoot } from '../src/root.ts';
import { dayWindow } from '../src/sync/window.ts';

/** Fixed answer times, ms; calls of the target beyond `atOnce` wait. */
const model = { page: 150, call: 100, save: 40, step: 20, query: 80, login: 200, atOnce: 4 };
const pageSize = 50;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};
const answer = (response: ServerResponse, value: unknown): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};

/** Both systems in a process of their own, that know no more than this window. */
async function serve(orders: number): Promise<void> {
  const bills = new Map<string, { id: number; state: string; amount: number; quantity: number }>();
  let working = 0;
  const line: (() => void)[] = [];
  const turn = async (ms: number): Promise<void> => {
    if (working >= model.atOnce) await new Promise<void>((resolve) => line.push(resolve));
    working += 1;
    await pause(ms);
    working -= 1;
    line.shift()?.();
  };
  const row = (index: number): object => ({
    io_id: 900_000_000 + index,
    o_id: 800_000_000 + index,
    so_id: `S${index}`,
    status: 'Confirmed',
    shop_id: 10001,
    shop_name: '店',
    wms_co_id: 20001,
    io_date: '2026-11-20 10:00:00',
    modified: '2026-11-20 10:00:00',
    ts: index + 1,
    items: [1, 2].map((n) => ({ sku_id: `A${n}`, qty: n, sale_amount: '10.00', sale_price: '10.00' })),
  });
  const source = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = new URLSearchParams(await bodyOf(request));
    await pause(model.page);
    const page = Number(asked.get('page_index') ?? 1);
    const size = Number(asked.get('page_size') ?? pageSize);
    const all = asked.get('status') === 'Confirmed' || !asked.has('status') ? orders : 0;
    const from = (page - 1) * size;
    const datas = Array.from({ length: Math.max(0, Math.min(size, all - from)) }, (_, index) => row(from + index));
    answer(response, {
      response: { flag: 'success', code: 0, data_count: all, has_next: page * size < all, datas },
    });
  };
  const done = (numbers: readonly string[]): object => ({
    Result: {
      ResponseStatus: {
        IsSuccess: true,
        Errors: [],
        SuccessEntitys: numbers.map((Number_, DIndex) => ({ Id: bills.get(Number_)?.id, Number: Number_, DIndex })),
        MsgCode: 0,
      },
    },
  });
  const target = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const operation = /\.(\w+)\.common\.kdsvc$/.exec(request.url ?? '')?.[1] ?? '';
    const given = JSON.parse(await bodyOf(request)) as { data?: Record<string, unknown> };
    const data = given.data ?? {};
    if (operation.startsWith('Login') || operation === 'ValidateUser') {
      await pause(model.login);
      response.setHeader('set-cookie', 'kdservice-sessionid=1; path=/');
      answer(response, { LoginResultType: 1, KDSVCSessionId: '1' });
    } else if (operation === 'ExecuteBillQuery') {
      await turn(model.query);
      const keys = String(data.FieldKeys).split(',');
      const codes = [...String(data.FilterString).matchAll(/'([^']*)'/g)].map(([, code = '']) => code);
      if (data.FormId !== 'SAL_OUTSTOCK')
        answer(
          response,
          codes.map((code) => keys.map((key) => (key === 'FNumber' ? code : 'Pcs'))),
        );
      else
        answer(
          response,
          codes.flatMap((number) => {
            const bill = bills.get(number);
            const values: Record<string, unknown> = {
              FID: bill?.id,
              FBillNo: number,
              FDocumentStatus: bill?.state,
              FCancelStatus: 'A',
              FDate: '2026-11-20',
              FAllAmount: bill?.amount,
              FRealQty: bill?.quantity,
            };
            return bill ? [keys.map((key) => values[key] ?? null)] : [];
          }),
        );
    } else if (operation === 'BatchSave') {
      const models = data.Model as { FBillNo: string; FEntity: { FTaxPrice: number; FRealQty: number }[] }[];
      await turn(model.call + models.length * model.save);
      for (const { FBillNo, FEntity } of models)
        bills.set(FBillNo, {
          id: bills.size + 1,
          state: 'A',
          amount: FEntity.reduce((sum, line_) => sum + line_.FTaxPrice * line_.FRealQty, 0),
          quantity: FEntity.reduce((sum, line_) => sum + line_.FRealQty, 0),
        });
      answer(response, done(models.map(({ FBillNo }) => FBillNo)));
    } else {
      const numbers = data.Numbers as string[];
      await turn(model.call + numbers.length * model.step);
      for (const number of numbers) {
        const bill = bills.get(number);
        if (bill) bill.state = operation === 'Audit' ? 'C' : 'B';
      }
      answer(response, done(numbers));
    }
  };
  const listen = async (handler: typeof source): Promise<string> => {
    const server = createServer((request, response) => void handler(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  };
  process.send?.({ jushuitan: await listen(source), kingdee: await listen(target) });
}

interface Systems {
  jushuitan: string;
  kingdee: string;
}

async function start(orders: number): Promise<{ child: ChildProcess; systems: Systems }> {
  const child = fork(import.meta.filename, ['--serve', String(orders)]);
  const systems = await new Promise<Systems>((resolve) =>
    child.once('message', (message) => resolve(message as Systems)),
  );
  return { child, systems };
}

/** What users write: read a page, save it, submit it, audit it, next page; one after another. */
async function script({ jushuitan, kingdee }: Systems, orders: number): Promise<number> {
  const began = Date.now();
  const call = (operation: string, data: object): Promise<unknown> =>
    fetch(`${kingdee}/K3Cloud/Kingdee.BOS.WebApi.ServicesStub.DynamicFormService.${operation}.common.kdsvc`, {
      method: 'POST',
      body: JSON.stringify({ data }),
    }).then((response) => response.json());
  for (let page = 1; (page - 1) * pageSize < orders; page++) {
    const asked = new URLSearchParams({ page_index: String(page), page_size: String(pageSize), status: 'Confirmed' });
    const answered = await fetch(`${jushuitan}/router/qm`, { method: 'POST', body: asked });
    const { response } = (await answered.json()) as { response: { datas: { io_id: number }[] } };
    const numbers = response.datas.map(({ io_id }) => `X${io_id}`);
    await call('BatchSave', { Model: numbers.map((FBillNo) => ({ FBillNo, FEntity: [] })) });
    await call('Submit', { Numbers: numbers });
    await call('Audit', { Numbers: numbers });
  }
  return (Date.now() - began) / 1000;
}

async function ours({ jushuitan, kingdee }: Systems): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-bench-'));
  const ports = { now: () => new Date(), sleep: pause, onError: () => undefined };
  const app = await createApp(
    readConfig({
      DATA_DIR: dir,
      PIPELINES_DIR: join(projectRoot, 'pipelines'),
      DATABASE_URL: process.env.BENCH_DATABASE_URL ?? '',
      JUSHUITAN_ROUTE: 'qimen',
      JUSHUITAN_BASE_URL: jushuitan,
      JUSHUITAN_APP_KEY: `k${process.pid}`,
      JUSHUITAN_APP_SECRET: 's',
      JUSHUITAN_CUSTOMER_ID: '1',
      KINGDEE_BASE_URL: `${kingdee}/K3Cloud`,
      KINGDEE_AUTH: 'app-secret',
      KINGDEE_ACCT_ID: 'dc',
      KINGDEE_USERNAME: 'u',
      KINGDEE_APP_ID: 'a',
      KINGDEE_APP_SECRET: 's',
    }),
    ports,
    { work: true, schedule: false },
  );
  const began = Date.now();
  const { run } = await app.sync.start({
    pipeline: app.sync.defaultPipeline,
    kind: 'sync',
    trigger: 'cli',
    by: 'io_date',
    ...dayWindow('2026-11-20', '2026-11-20', new Date()),
    filters: {},
    requester: { person: 'terminal:bench', conversation: 'terminal:bench' },
  });
  const { counts } = await app.sync.ended(run.id, pause);
  const seconds = (Date.now() - began) / 1000;
  process.stderr.write(`${JSON.stringify(counts)}\n`);
  await app.stop();
  rmSync(dir, { recursive: true, force: true });
  return seconds;
}

/** The larger of: the source's calls at the rate it allows, and the target's own time for the bills at so many calls at once. */
function floorOf(orders: number): number {
  const calls = Math.ceil(orders / pageSize);
  const reading = Math.max(calls / 5, Math.max(0, calls - 100) * 0.6);
  return Math.max(reading, (orders * (model.save + 2 * model.step)) / 1000 / model.atOnce);
}

if (process.argv[2] === '--serve') await serve(Number(process.argv[3]));
else {
  const figures: Record<string, object> = {};
  for (const orders of (process.argv[2] ?? '500,2000').split(',').map(Number)) {
    const { child, systems } = await start(orders);
    const floor = floorOf(orders);
    const own = await ours(systems);
    const users = await script(systems, orders);
    child.kill();
    const round = (value: number): number => Math.round(value * 100) / 100;
    figures[orders] = {
      floor,
      ours: round(own),
      script: round(users),
      oursToFloor: round(own / floor),
      scriptToOurs: round(users / own),
    };
  }
  process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
  process.exit(0);
}
