import type { Card } from '../channels/message.ts';
import { channelOf, type Outbox, type Outgoing } from '../channels/outbox.ts';
import { toIso } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { Alert, AlertReport } from './alert.ts';
import { alertCard } from './card.ts';
import { type Condition, currentConditions, type Surroundings } from './conditions.ts';
import { sayToRobot } from './robots.ts';
import type { Rules } from './rules.ts';
import { takes, toSay } from './stages.ts';

export interface AlertsParts {
  sql: Sql;
  now: () => Date;
  rules: Rules;
  surroundings: () => Omit<Surroundings, 'sql' | 'now'>;
  outbox: Outbox;
  /** Moves the card wherever it was sent, the page included. */
  show: (conversation: string, card: Card) => void;
  pace: (key: string, perMinute: number) => Promise<void>;
  onError: (error: unknown, where: string) => void;
}

const columns = `fingerprint, pipeline, category, severity, state, count, message, next, about, since, last_seen as "lastSeen",
  resolved_at as "resolvedAt", owner, until, notified_at as "notifiedAt", escalated_at as "escalatedAt", shown`;

/** What an alert is when its silence has ended. */
const awake = `state = case when owner is null then 'firing' else 'acknowledged' end, until = null`;

/** The first of these people who is on the conversation's platform. */
function mentionIn(conversation: string, people: readonly string[]): { at?: string } {
  const at = people.find((person) => channelOf(person) === channelOf(conversation));
  return at ? { at } : {};
}

/** What is wrong, one alert a cause: taken from the ledger, put through the stages, said once, moved in place until it is over. */
export class Alerts {
  readonly #parts: AlertsParts;
  #evaluating: Promise<void> | null = null;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
  }

  /** One look at everything; looks never overlap. */
  async evaluate(): Promise<void> {
    this.#evaluating ??= this.#look().finally(() => {
      this.#evaluating = null;
    });
    await this.#evaluating;
  }

  async #look(): Promise<void> {
    const { sql, now, surroundings } = this.#parts;
    const conditions = await currentConditions({ sql, now: now(), ...surroundings() });
    for (const condition of conditions) await this.#see(condition);
    await this.#resolve(conditions);
    await this.#endSilences();
    await this.#say();
    await this.#escalate();
    await this.#move();
  }

  /** A cause that is back soon after it was over is the same alert; long after it is a new one. */
  async #see(condition: Condition): Promise<void> {
    const { sql, now, rules } = this.#parts;
    const { fingerprint, pipeline, category, severity, count, message, next, orders, subjects, details } = condition;
    await sql.query(
      `insert into alerts (fingerprint, pipeline, category, severity, state, count, message, next, about, since, last_seen)
       values ($1, $2, $3, $4, 'firing', $5, $6, $7, $8::jsonb, $9, $9)
       on conflict (fingerprint) do update set severity = excluded.severity, count = excluded.count, message = excluded.message,
         next = excluded.next, about = excluded.about, last_seen = excluded.last_seen,
         state = case when alerts.state = 'resolved' then 'firing' else alerts.state end,
         since = case when alerts.state = 'resolved' then excluded.since else alerts.since end,
         owner = case when alerts.state = 'resolved' then null else alerts.owner end,
         escalated_at = case when alerts.state = 'resolved' then null else alerts.escalated_at end,
         notified_at = case when alerts.state = 'resolved' and alerts.resolved_at < $10 then null else alerts.notified_at end,
         resolved_at = null`,
      [
        fingerprint,
        pipeline,
        category,
        severity,
        count,
        message,
        next,
        JSON.stringify({ orders, subjects, details }),
        now(),
        new Date(now().getTime() - rules.current().group.resolve * 5),
      ],
    );
  }

  async #resolve(conditions: readonly Condition[]): Promise<void> {
    const { sql, now, rules } = this.#parts;
    await sql.query(
      `update alerts set state = 'resolved', resolved_at = $1, until = null
       where state <> 'resolved' and not (fingerprint = any($2)) and last_seen <= $3`,
      [
        now(),
        conditions.map(({ fingerprint }) => fingerprint),
        new Date(now().getTime() - rules.current().group.resolve),
      ],
    );
  }

  async #endSilences(): Promise<void> {
    const { sql, now } = this.#parts;
    await sql.query(`update alerts set ${awake} where state = 'silenced' and until <= $1`, [now()]);
    // A silence over everything takes in what begins while it holds.
    await sql.query(
      `update alerts a set state = 'silenced', until = s.until from silences s
       where s.fingerprint is null and s.ended_at is null and s.until > $1 and a.state = 'firing'`,
      [now()],
    );
  }

  /** Says what the stages let through: claimed and put into the outbox in one transaction, so two nodes say it once. */
  async #say(): Promise<void> {
    const { sql, now, rules, outbox } = this.#parts;
    const open = await this.#all(`state <> 'resolved'`);
    const [recent] = await sql.query<{ count: number }>('select count(*) as count from alerts where notified_at > $1', [
      new Date(now().getTime() - 60_000),
    ]);
    const context = { now: now(), rules: rules.current(), recentMessages: recent?.count ?? 0 };
    for (const alert of toSay(open, context)) {
      const targets = await this.#targets(alert);
      const card = alertCard(alert);
      const claimed = await sql.transaction(async (tx) => {
        const rows = await tx.query(
          `update alerts set notified_at = $2, shown = $3 where fingerprint = $1 and notified_at is not distinct from $4 returning fingerprint`,
          [alert.fingerprint, now(), JSON.stringify(card), alert.notifiedAt],
        );
        if (rows.length === 0) return false;
        for (const { conversation, at } of targets)
          await outbox.enqueue(tx, conversation, { reply: { text: card.title, card }, ...(at ? { at } : {}) });
        return true;
      });
      if (!claimed) continue;
      this.#parts.show('web:*', card);
      await this.#tellRobots(alert, card);
    }
  }

  async #targets(alert: Alert): Promise<{ conversation: string; at?: string }[]> {
    const { rules, now, sql } = this.#parts;
    const { routes } = rules.current();
    const chosen = routes.filter((route) => takes(route, alert, now()));
    if (routes.length > 0)
      return chosen.flatMap(({ to, mention }) =>
        to
          .filter((one) => !one.startsWith('web:'))
          .map((conversation) => {
            return { conversation, ...mentionIn(conversation, mention) };
          }),
      );
    // Without rules: the group that last asked for a run.
    const rows = await sql.query<{ conversation: string }>(
      `select requester ->> 'conversation' as conversation from runs
       where requester ->> 'conversation' similar to '(feishu|dingtalk):%' order by created_at desc limit 1`,
    );
    return rows;
  }

  async #tellRobots(alert: Alert, card: Card): Promise<void> {
    const { rules, now, pace, onError } = this.#parts;
    for (const robot of rules.current().robots)
      if (!robot.severity || robot.severity.includes(alert.severity))
        await sayToRobot(robot, card, this.#report(alert), { now: now(), pace }).catch((error: unknown) =>
          onError(error, 'alerts.robot'),
        );
  }

  async #escalate(): Promise<void> {
    const { sql, now, rules, outbox } = this.#parts;
    const { escalate } = rules.current();
    if (!escalate) return;
    for (const alert of await this.#all(`state = 'firing' and notified_at is not null and escalated_at is null`)) {
      if (now().getTime() - (alert.notifiedAt?.getTime() ?? 0) < escalate.after) continue;
      const card = alertCard(alert);
      await sql.transaction(async (tx) => {
        const rows = await tx.query(
          'update alerts set escalated_at = $2 where fingerprint = $1 and escalated_at is null returning fingerprint',
          [alert.fingerprint, now()],
        );
        if (rows.length === 0) return;
        for (const conversation of escalate.to) {
          const content: Outgoing = { reply: { text: card.title, card } };
          await outbox.enqueue(tx, conversation, { ...content, ...mentionIn(conversation, escalate.mention) });
        }
      });
    }
  }

  /** The cards that were sent follow what they are about. */
  async #move(): Promise<void> {
    const { sql, show } = this.#parts;
    for (const alert of await this.#all(`notified_at is not null`)) {
      const card = alertCard(alert);
      const shown = JSON.stringify(card);
      if (shown === alert.shown) continue;
      await sql.query('update alerts set shown = $2 where fingerprint = $1', [alert.fingerprint, shown]);
      const places = await sql.query<{ conversation: string }>(
        'select conversation from sent_cards where card_id = $1',
        [card.id],
      );
      for (const { conversation } of places) show(conversation, card);
      show('web:*', card);
    }
  }

  async #all(where: string): Promise<Alert[]> {
    return await this.#parts.sql.query<Alert>(
      `select ${columns} from alerts where ${where} order by since, fingerprint`,
    );
  }

  async open(): Promise<Alert[]> {
    return await this.#all(`state <> 'resolved'`);
  }

  #report({ fingerprint, pipeline, category, severity, count, state, since, owner, until }: Alert): AlertReport {
    return {
      fingerprint,
      pipeline,
      category,
      severity,
      count,
      state,
      since: toIso(since),
      ...(owner ? { owner } : {}),
      ...(until ? { until: toIso(until) } : {}),
    };
  }

  async reports(): Promise<AlertReport[]> {
    return (await this.open()).map((alert) => this.#report(alert));
  }

  /** Somebody takes it. Without a fingerprint: everything that fires. */
  async acknowledge(person: string, fingerprint?: string): Promise<Alert[]> {
    return await this.#change(
      `state = 'acknowledged', owner = $2`,
      [person],
      `state in ('firing', 'silenced')`,
      fingerprint,
    );
  }

  async silence(person: string, until: Date, fingerprint?: string): Promise<Alert[]> {
    const { sql, now } = this.#parts;
    await sql.query('insert into silences (fingerprint, person, at, until) values ($1, $2, $3, $4)', [
      fingerprint ?? null,
      person,
      now(),
      until,
    ]);
    return await this.#change(`state = 'silenced', until = $2`, [until], `state <> 'resolved'`, fingerprint);
  }

  async endSilence(fingerprint?: string): Promise<Alert[]> {
    const { sql, now } = this.#parts;
    await sql.query(
      'update silences set ended_at = $1 where ended_at is null and ($2::text is null or fingerprint = $2)',
      [now(), fingerprint ?? null],
    );
    return await this.#change(awake, [], `state = 'silenced'`, fingerprint);
  }

  async #change(set: string, values: (string | Date)[], where: string, fingerprint?: string): Promise<Alert[]> {
    const changed = await this.#parts.sql.query<Alert>(
      `update alerts set ${set} where ($1::text is null or fingerprint = $1) and ${where} returning ${columns}`,
      [fingerprint ?? null, ...values],
    );
    await this.#move();
    return changed;
  }
}
