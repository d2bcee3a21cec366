import { mkdirSync } from 'node:fs';
import { type JushuitanSandbox, startJushuitan } from './jushuitan/server.ts';
import { type KingdeeSandbox, startKingdee } from './kingdee/server.ts';

export interface Sandbox {
  jushuitan: JushuitanSandbox;
  kingdee: KingdeeSandbox;
  close(): Promise<void>;
}

export interface SandboxSettings {
  /** Where both keep what they accepted. */
  dir: string;
  jushuitanPort?: number;
  kingdeePort?: number;
  seed?: number;
  ordersPerDay?: number;
  now?: () => Date;
}

/** Two servers on loopback that speak the real wire protocols over a shop's worth of data. */
export async function startSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const { dir, now = () => new Date(), seed = 7, ordersPerDay = 40 } = settings;
  mkdirSync(dir, { recursive: true });
  const jushuitan = await startJushuitan({ dir, port: settings.jushuitanPort ?? 0, seed, ordersPerDay, days: 45, now });
  const kingdee = await startKingdee({ dir, port: settings.kingdeePort ?? 0, now });
  return {
    jushuitan,
    kingdee,
    async close() {
      await Promise.all([jushuitan.close(), kingdee.close()]);
    },
  };
}
