import { mkdirSync } from 'node:fs';
import type { Limits } from './jushuitan/gate.ts';
import { type JushuitanSandbox, startJushuitan } from './jushuitan/server.ts';
import { type KingdeeSandbox, startKingdee } from './kingdee/server.ts';
import { isPosted, type PostedDays, postedBills } from './posted.ts';

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
  returnsPerDay?: number;
  posted?: PostedDays;
  /** Calls 聚水潭 takes; as its documents say unless a test wants more. */
  limits?: Limits;
  now?: () => Date;
}

const days = 45;

/** Two servers on loopback that speak the real wire protocols over a shop's worth of data. */
export async function startSandbox(settings: SandboxSettings): Promise<Sandbox> {
  const { dir, now = () => new Date(), seed = 7, posted } = settings;
  const { ordersPerDay = 40, returnsPerDay = 16, limits = { perSecond: 5, perMinute: 100 } } = settings;
  mkdirSync(dir, { recursive: true });
  const shop = { seed, ordersPerDay, returnsPerDay, days, now, isClean: (day: Date) => isPosted(day, posted) };
  const jushuitan = await startJushuitan({ dir, port: settings.jushuitanPort ?? 0, shop, limits });
  const bills = posted ? postedBills(posted, seed, ordersPerDay) : [];
  const kingdee = await startKingdee({ dir, port: settings.kingdeePort ?? 0, now, bills });
  return {
    jushuitan,
    kingdee,
    async close() {
      await Promise.all([jushuitan.close(), kingdee.close()]);
    },
  };
}
