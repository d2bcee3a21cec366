import type { KingdeeSettings } from '../../config.ts';
import { Client } from './client.ts';
import { BaseData } from './lookup.ts';
import { type Log, Session } from './session.ts';

/** One account (数据中心 and integration user): its log-in, and what is known of its base data. Whatever speaks to it shares both. */
export interface Account {
  client: Client;
  baseData: BaseData;
  /** Longest wait for one answer, ms. */
  timeoutMs: number;
}

export function openAccount(
  settings: KingdeeSettings,
  {
    timeoutMs,
    now,
    sleep,
    log,
  }: { timeoutMs: number; now: () => Date; sleep: (ms: number) => Promise<void>; log?: Log },
): Account {
  const client = new Client(new Session(settings, timeoutMs, now, log), sleep);
  return { client, baseData: new BaseData(client), timeoutMs };
}
