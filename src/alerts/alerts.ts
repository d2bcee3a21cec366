import type { Card } from '../channels/message.ts';
import { channelOf, type Outbox } from '../channels/outbox.ts';
import { phrase } from '../phrases.ts';
import { dayMs } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { Run } from '../sync/run.ts';
import { type Alert, type AlertReport, alertReport } from './alert.ts';
import { type CardFrame, cardOf, categoryName, newCardId, silenceLine } from './card.ts';
import type { Surroundings } from './condition.ts';
import { currentConditions } from './conditions.ts';
import { CardMover } from './move.ts';
import { forgetBefore, openAlerts, resolve, see, spokenAlerts, take } from './register.ts';
import type { Rules } from './rules.ts';
import { showElsewhere } from './run-routes.ts';
import { noteAsked, say } from './say.ts';
import { addSilence, endSilences, openSilences, type Silence, takeExpired } from './silences.ts';
import { episodes, toSay } from './stages.ts';

export interface AlertsParts {
  sql: Sql;
  now: () => Date;
  rules: Rules;
  surroundings: () => Promise<Omit<Surroundings, 'sql' | 'now'>>;
  outbox: Outbox;
  /** Moves the card wherever it was sent, the page included. */
  show: (conversation: string, card: Card) => void;
  /** As it is now: small print may come and go. */
  frame: () => Promise<CardFrame>;
}

const keepMs = 30 * dayMs;

/** What is wrong, one alert a cause: taken from the ledger, put through the stages, said once, moved in place until it is over. */
export class Alerts {
  readonly #parts: AlertsParts;
  readonly #mover: CardMover;
  #evaluating: Promise<void> | null = null;

  constructor(parts: AlertsParts) {
    this.#parts = parts;
    this.#mover = new CardMover(parts);
  }

  /** One look at everything; looks never overlap. */
  async evaluate(): Promise<void> {
    this.#evaluating ??= this.#look().finally(() => {
      this.#evaluating = null;
    });
    await this.#evaluating;
  }

  async forgetOld(): Promise<void> {
    const { sql, now } = this.#parts;
    await forgetBefore(sql, new Date(now().getTime() - keepMs));
  }

  async #look(): Promise<void> {
    const { sql, rules, surroundings } = this.#parts;
    const now = this.#parts.now();
    const { group } = rules.current();
    const failures: unknown[] = [];
    const conditions = await currentConditions({ sql, now, ...(await surroundings()) }, failures);
    for (const condition of conditions) await see(sql, condition, now, group.resolve * episodes);
    // What was not looked at is not over.
    if (failures.length === 0) await resolve(sql, conditions, now, group.resolve);
    await this.#tellEndedSilences(now);
    await this.#say(now);
    await this.#move(now);
    if (failures.length > 0) throw failures[0];
  }

  async #say(now: Date): Promise<void> {
    const { rules } = this.#parts;
    const context = { now, rules: rules.current(), fallback: await this.#fallback() };
    const due = toSay(await spokenAlerts(this.#parts.sql, now), context);
    if (due.length === 0) return;
    const frame = await this.#parts.frame();
    for (const saying of due) await say({ ...this.#parts, now, frame }, saying);
  }

  async #move(now: Date): Promise<void> {
    const { sql, frame } = this.#parts;
    await this.#mover.move(await spokenAlerts(sql, now), await openSilences(sql, now), await frame());
  }

  /** While no rules name a group: the one that last asked for a run. */
  async #fallback(): Promise<string[]> {
    const rows = await this.#parts.sql.query<{ conversation: string }>(
      `select requester ->> 'conversation' as conversation from runs
       where requester ->> 'conversation' similar to '(feishu|dingtalk):%' order by created_at desc limit 1`,
    );
    return rows.map(({ conversation }) => conversation);
  }

  /** A silence whose time is over is told where it was asked for, with what is still wrong. */
  async #tellEndedSilences(now: Date): Promise<void> {
    const { sql, outbox } = this.#parts;
    await sql.transaction(async (tx) => {
      for (const silence of await takeExpired(tx, now)) {
        if (!['feishu', 'dingtalk'].includes(channelOf(silence.conversation))) continue;
        const others = await openSilences(tx, now);
        if (others.some(({ fingerprint }) => fingerprint === null || fingerprint === silence.fingerprint)) continue;
        const open = (await openAlerts(tx, now)).filter(
          ({ fingerprint }) => silence.fingerprint === null || silence.fingerprint === fingerprint,
        );
        const names = open.map(({ category }) => categoryName(category)).join('、');
        const left = names ? phrase('alerts.still', { names }) : phrase('alerts.all_well');
        const text = phrase('alerts.silence_ended', { line: silenceLine(silence, open), left });
        await outbox.enqueue(tx, silence.conversation, { reply: { text } });
      }
    });
  }

  /** Shows a run's card where the rules want it besides where it was asked for. */
  async reportRun(run: Run, card: Card): Promise<void> {
    const { now, rules } = this.#parts;
    await showElsewhere({ ...this.#parts, now: now(), rules: rules.current() }, run, card);
  }

  /** What is wrong now, the oldest first. */
  async open(): Promise<Alert[]> {
    return await openAlerts(this.#parts.sql, this.#parts.now());
  }

  async reports(): Promise<AlertReport[]> {
    return (await this.open()).map(alertReport);
  }

  async silences(): Promise<Silence[]> {
    return await openSilences(this.#parts.sql, this.#parts.now());
  }

  /** A card of these alerts for somebody who asks; it moves from now on. */
  async ask(conversation: string, alerts: readonly Alert[]): Promise<Card> {
    const { sql, now, frame } = this.#parts;
    const id = newCardId(alerts.length);
    await noteAsked(sql, alerts, conversation, id, now());
    return cardOf(id, alerts, { ...(await frame()), silences: await this.silences() });
  }

  /** Somebody takes it. Without a fingerprint: everything that nobody has. */
  async acknowledge(person: string, fingerprint?: string): Promise<Alert[]> {
    const { sql, now } = this.#parts;
    const taken = await take(sql, person, now(), fingerprint);
    await this.#move(now());
    return (await this.open()).filter((alert) => taken.includes(alert.fingerprint));
  }

  /** Quiet about one alert, or about all that is and will be wrong. */
  async silence(by: { person: string; conversation: string }, until: Date, fingerprint?: string): Promise<Alert[]> {
    const { sql, now } = this.#parts;
    const open = (await this.open()).filter((alert) => !fingerprint || alert.fingerprint === fingerprint);
    if (fingerprint && open.length === 0) return [];
    await addSilence(sql, { ...by, fingerprint: fingerprint ?? null, at: now(), until });
    await this.#move(now());
    return open;
  }

  /** Ends a silence before its time; the alerts that are heard again. */
  async endSilence(fingerprint?: string): Promise<Alert[]> {
    const { sql, now } = this.#parts;
    const quiet = (await this.open()).filter(({ state }) => state === 'silenced').map((alert) => alert.fingerprint);
    await endSilences(sql, now(), fingerprint);
    await this.#move(now());
    return (await this.open()).filter((alert) => alert.state !== 'silenced' && quiet.includes(alert.fingerprint));
  }
}
