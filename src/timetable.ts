import type { Alerts } from './alerts/alerts.ts';
import type { AlertRules } from './alerts/rules.ts';
import { type Card, noteOn } from './channels/message.ts';
import { channelOf, type Outbox } from './channels/outbox.ts';
import { report } from './reports/digest.ts';
import { askedOf } from './reports/figures.ts';
import { dayMs, startOfDay } from './shanghai.ts';
import type { Sql } from './store/sql.ts';
import { claimTick } from './store/ticks.ts';
import { brakeNote } from './sync/brake.ts';
import { lastTick } from './sync/cron.ts';
import { partsOf } from './sync/parts.ts';
import type { Reconciler } from './sync/reconcile.ts';
import { retryRepaired } from './sync/repaired.ts';
import type { SyncService } from './sync/service.ts';

export interface TimetableParts {
  sql: Sql;
  now: () => Date;
  sync: SyncService;
  reconciler: Reconciler;
  outbox: Outbox;
  alerts: Alerts;
  rules: () => AlertRules;
  /** Pipelines that run by themselves: only they are reconciled by themselves. */
  scheduled: () => Promise<readonly string[]>;
}

const timetableEveryMs = 30_000;
const alertsEveryMs = 5000;
const nightly = '30 2 * * *';
const repairs = '*/5 * * * *';
const weekDays = 7;

/** Looks, every half minute, whether something is due, and every five seconds, by one of all nodes, whether something is wrong. */
export function startTimetable({
  onError,
  ...parts
}: TimetableParts & { onError: (error: unknown, where: string) => void }): { stop(): void } {
  const { alerts } = parts;
  let busy = false;
  const timetable = setInterval(() => {
    if (busy) return;
    busy = true;
    keepTimetable(parts)
      .catch((error: unknown) => onError(error, 'timetable'))
      .finally(() => {
        busy = false;
      });
  }, timetableEveryMs);
  const look = setInterval(() => {
    const tick = new Date(Math.floor(parts.now().getTime() / alertsEveryMs) * alertsEveryMs);
    claimTick(parts.sql, 'alerts', tick, parts.now())
      .then((ours) => (ours ? alerts.evaluate() : undefined))
      .catch((error: unknown) => onError(error, 'alerts'));
  }, alertsEveryMs);
  return {
    stop() {
      clearInterval(timetable);
      clearInterval(look);
    },
  };
}

/**
 * Does what the clock says is due, once among all nodes: what a repair made possible, the nightly reconciliation of the
 * last seven days, which says of yesterday by itself, too, and the digests. What is long over is forgotten.
 */
export async function keepTimetable(parts: TimetableParts): Promise<void> {
  const { sql, now, sync, reconciler, outbox, alerts, rules, scheduled } = parts;
  const today = startOfDay(now());
  if (await claimTick(sql, 'forget', lastTick(nightly, now()), now())) await alerts.forgetOld();
  for (const pipeline of await scheduled()) {
    if (await claimTick(sql, `repaired:${pipeline}`, lastTick(repairs, now()), now()))
      await retryRepaired({ sql, sync, now: now() }, pipeline);
    if (!(await claimTick(sql, `nightly:${pipeline}`, lastTick(nightly, now()), now()))) continue;
    const on = await reconciler.running();
    if (on.some((one) => one.pipeline === pipeline && one.requester.person === 'schedule')) continue;
    const week = { start: new Date(today.getTime() - weekDays * dayMs), end: today };
    const requester = { person: 'schedule', conversation: 'schedule' };
    // It may take hours; the rest of the timetable does not wait for it.
    reconciler.start((await reconciler.begin(pipeline, week, requester)).id);
  }
  // Of the kind that is meant where nobody names one, and of each that runs by itself.
  const told = new Set([sync.defaultPipeline, ...(await scheduled())]);
  for (const [index, { to, cron, period }] of rules().digests.entries()) {
    const days = period === 'week' ? weekDays : 1;
    const window = { start: new Date(today.getTime() - days * dayMs), end: today };
    const held = brakeNote(await sync.brake.held());
    // Claimed together with what it makes: a digest that could not be kept is due still.
    const cards = await sql.transaction(async (tx) => {
      if (!(await claimTick(tx, `digest:${index}:${cron}`, lastTick(cron, now()), now()))) return [];
      const made: Card[] = [];
      for (const id of told) {
        const asked = askedOf(partsOf(sync.pipelines, id).pipeline, window);
        const { reply } = await report(tx, asked, { by: period === 'week' ? 'day' : 'shop', top: 20, now: now() });
        if (reply.card) {
          noteOn(reply.card, held);
          made.push(reply.card);
        }
        for (const conversation of to) await outbox.enqueue(tx, conversation, { reply });
      }
      return made;
    });
    if (cards.length === 0) continue;
    outbox.wake();
    // Feishu draws charts by itself.
    for (const conversation of to)
      if (channelOf(conversation) === 'dingtalk')
        for (const card of cards) await sendPictures(outbox, conversation, card);
  }
}

async function sendPictures(outbox: Outbox, conversation: string, card: Card): Promise<void> {
  // Drawing is brought when there is something to draw: it takes half a second to load.
  const { chartPicture } = await import('./reports/picture.ts');
  for (const block of card.blocks)
    if (block.type === 'chart')
      await outbox.file(conversation, { name: `${block.title}.png`, bytes: await chartPicture(block) });
}
