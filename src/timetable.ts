import { CronExpressionParser } from 'cron-parser';
import type { AlertRules } from './alerts/rules.ts';
import type { Outbox } from './channels/outbox.ts';
import { report } from './reports/digest.ts';
import { dayMs, startOfDay } from './shanghai.ts';
import type { Sql } from './store/sql.ts';
import { claimTick } from './store/ticks.ts';
import type { Reconciler } from './sync/reconcile.ts';
import { retryRepaired } from './sync/repaired.ts';
import type { SyncService } from './sync/service.ts';

export interface TimetableParts {
  sql: Sql;
  now: () => Date;
  sync: SyncService;
  reconciler: Reconciler;
  outbox: Outbox;
  rules: () => AlertRules;
  /** Pipelines that run by themselves: only they are reconciled by themselves. */
  scheduled: () => Promise<readonly string[]>;
}

const nightly = '30 2 * * *';
const repairs = '*/5 * * * *';
const weekDays = 7;

const lastTick = (cron: string, now: Date): Date =>
  CronExpressionParser.parse(cron, { tz: 'Asia/Shanghai', currentDate: now }).prev().toDate();

/**
 * Does what the clock says is due, once among all nodes: what a repair made possible, the nightly reconciliation of the
 * last week, and the digests.
 */
export async function keepTimetable(parts: TimetableParts): Promise<void> {
  const { sql, now, sync, reconciler, outbox, rules, scheduled } = parts;
  const today = startOfDay(now());
  for (const pipeline of await scheduled()) {
    if (await claimTick(sql, `repaired:${pipeline}`, lastTick(repairs, now())))
      await retryRepaired({ sql, sync, now: now() }, pipeline);
    if (!(await claimTick(sql, `nightly:${pipeline}`, lastTick(nightly, now())))) continue;
    const week = { start: new Date(today.getTime() - weekDays * dayMs), end: today };
    const requester = { person: 'schedule', conversation: 'schedule' };
    await reconciler.carryOut(await reconciler.begin(pipeline, week, requester));
  }
  for (const [index, { to, cron, period }] of rules().digests.entries()) {
    if (!(await claimTick(sql, `digest:${index}:${cron}`, lastTick(cron, now())))) continue;
    const days = period === 'week' ? weekDays : 1;
    const asked = { pipeline: sync.defaultPipeline, start: new Date(today.getTime() - days * dayMs), end: today };
    const reply = await report(sql, asked, { by: period === 'week' ? 'day' : 'shop', top: 20 });
    for (const conversation of to) await outbox.put(conversation, { reply });
  }
}
