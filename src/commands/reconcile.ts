import { writeFileSync } from 'node:fs';
import { createApp } from '../app.ts';
import { type Config, readConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { phrase } from '../phrases.ts';
import { reconciliationFile } from '../reports/workbook.ts';
import { readAddress, type ServiceAddress } from '../service.ts';
import type { Reconciliation, ReconciliationReport } from '../sync/reconcile/reconciliation.ts';
import { dayWindow } from '../sync/window.ts';
import { callService, serviceBeside } from './desk.ts';
import { options, ports, print, usage } from './ports.ts';

interface Asked {
  from: string;
  to: string;
  pipeline?: string;
}

/** `reconcile --from D --to D [--pipeline ID] [--xlsx FILE]`: prints the reconciliation object; differences are no failure of the command. */
export async function reconcile(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { from, to, pipeline, xlsx } = options(args, {
    from: 'string',
    to: 'string',
    pipeline: 'string',
    xlsx: 'string',
  });
  if (!from || !to) throw usage();
  const asked = { from, to, ...(pipeline ? { pipeline } : {}) };
  dayWindow(from, to, ports.now());
  const config = readConfig(env);
  const address = readAddress(config.dataDir);
  const beside = address !== null && (await serviceBeside(address));
  const report = beside ? await askService(address, asked, xlsx) : await here(config, asked, xlsx);
  print(JSON.stringify(report));
  if (xlsx) process.stderr.write(`${phrase('reconcile.file', { file: xlsx })}\n`);
  return 0;
}

async function here(config: Config, { from, to, pipeline }: Asked, xlsx?: string): Promise<ReconciliationReport> {
  const { reconciler, sync, stop } = await createApp(config, ports, { work: false, schedule: false });
  try {
    const requester = { person: 'terminal:cli', conversation: 'terminal:cli' };
    const { id } = await reconciler.begin(
      sync.known(pipeline ?? sync.defaultPipeline),
      dayWindow(from, to, ports.now()),
      requester,
    );
    const carry = async (): Promise<Reconciliation | null> =>
      (await reconciler.carryOut(id)) ?? (await reconciler.find(id));
    let done = await carry();
    while (done?.state === 'running') {
      await ports.sleep(1000);
      done = await carry();
    }
    const report = done && (await reconciler.report(done));
    if (!done || !report) throw new AppError('sync.reconcile_stopped', 'data');
    if (xlsx) writeFileSync(xlsx, (await reconciliationFile(reconciler, sync.pipelines, done)).bytes);
    return report;
  } finally {
    await stop();
  }
}

async function askService(address: ServiceAddress, asked: Asked, xlsx?: string): Promise<ReconciliationReport> {
  const { id } = await callService<{ id: string }>(address, '/reconciliations', asked);
  let report: ReconciliationReport | null = null;
  while (report === null) {
    await ports.sleep(200);
    ({ report } = await callService<{ report: ReconciliationReport | null }>(address, `/reconciliations/${id}`));
  }
  if (xlsx) {
    const headers = { authorization: `Bearer ${address.token}` };
    const file = await fetch(`${address.url}/api/v1/reconciliations/${id}/workbook`, { headers });
    writeFileSync(xlsx, Buffer.from(await file.arrayBuffer()));
  }
  return report;
}
