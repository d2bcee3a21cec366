import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp, type Ports } from './app.ts';
import type { Config } from './config.ts';
import { startHttp } from './http/server.ts';
import { watchParents } from './parents.ts';
import { phrase } from './phrases.ts';

/** Where a running service can be reached by the commands beside it. */
export interface ServiceAddress {
  url: string;
  token: string;
}

/** A shorter API_TOKEN is guessed. */
const leastToken = 16;

const addressFile = (dataDir: string): string => join(dataDir, 'service.json');

/** Null where nobody left it, or where the power went while it was written. */
export function readAddress(dataDir: string): ServiceAddress | null {
  try {
    return JSON.parse(readFileSync(addressFile(dataDir), 'utf8')) as ServiceAddress;
  } catch {
    return null;
  }
}

/** `npm start`: everything in one process, until a signal or until the npm that started it is gone. */
export async function serve(config: Config, ports: Ports): Promise<void> {
  // Watched from the first: whoever ends npm while the store still opens ends the service, too.
  let stop = async (): Promise<void> => undefined;
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), 1500).unref(); // what is not done by then goes on after the next start
    await stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
  watchParents(() => void end());

  const worker = config.role !== 'bot';
  const app = await createApp(config, ports, { work: worker, schedule: worker });
  const token = config.apiToken ?? randomBytes(24).toString('base64url');
  const http = await startHttp({
    sync: app.sync,
    reconciler: app.reconciler,
    assistant: app.assistant,
    onSandbox: app.sandbox !== null,
    logins: app.logins,
    publicUrl: config.publicUrl,
    onCard: app.onCard,
    channels: () => app.conversations.status(),
    storeAnswers: () => app.store.answers(),
    feishu: app.feishu,
    now: ports.now,
    onError: ports.onError,
    host: config.host,
    port: config.port,
    apiToken: token,
  });
  app.servedAt(http.url);
  const pidFile = join(config.dataDir, 'pid');
  stop = async () => {
    rmSync(addressFile(config.dataDir), { force: true });
    rmSync(pidFile, { force: true });
    await http.close();
    await app.stop();
  };
  if (config.role !== 'worker') await app.conversations.start();
  writeFileSync(pidFile, String(process.pid));
  writeFileSync(addressFile(config.dataDir), JSON.stringify({ url: http.url, token }), { mode: 0o600 });
  process.stdout.write(`${phrase(config.erp ? 'cli.started' : 'cli.started_sandbox', { url: http.url })}\n`);
  if (config.publicUrl || !/^(?:127\.|localhost$|::1$)/.test(config.host))
    process.stdout.write(`${phrase('cli.page_login')}\n`);
  if (config.apiToken && config.apiToken.length < leastToken) process.stdout.write(`${phrase('cli.weak_token')}\n`);
  for (const remark of [...app.remarks, ...app.settings.mapDifferences()]) process.stdout.write(`${remark}\n`);
}
