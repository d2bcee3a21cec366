import { Alerts } from '../../src/alerts/alerts.ts';
import type { Surroundings } from '../../src/alerts/condition.ts';
import { createRobots } from '../../src/alerts/robots.ts';
import { parseRules, type Rules } from '../../src/alerts/rules.ts';
import { type ChannelName, SendError, type Sender } from '../../src/channels/channel.ts';
import type { Card } from '../../src/channels/message.ts';
import { Outbox } from '../../src/channels/outbox.ts';
import { createPace } from '../../src/store/pace.ts';
import type { Sql } from '../../src/store/sql.ts';
import { startApp, type TestApp } from '../fakes/app.ts';
import { type Call, type Gateway, startGateway } from '../fakes/gateway.ts';

export interface Heard {
  /** Seconds since the scenario began. */
  at: number;
  receiver: string;
  title: string;
  card?: Card;
  mention?: string;
}

export interface Node {
  alerts: Alerts;
  outbox: Outbox;
}

const tables = [
  'alerts',
  'notifications',
  'silences',
  'outbox',
  'sent_cards',
  'run_cards',
  'documents',
  'runs',
  'reconciliations',
  'watermarks',
  'skipped_ticks',
  'seen_schedules',
  'backlogs',
  'paces',
];

/** What can happen in a scenario, on a clock that only the scenario moves. */
export class House {
  readonly app: TestApp;
  readonly gateway: Gateway;
  rules = '';
  down = false;
  /** What the robots' platforms answer instead of yes. */
  robotAnswers: (call: Call) => string | undefined = () => undefined;
  surroundings: Partial<Surroundings> = {};
  readonly heard: Heard[] = [];
  /** The newest state of every card, by conversation and id. */
  readonly cards = new Map<string, Card>();
  readonly errors: unknown[] = [];
  readonly #nodes: Node[] = [];
  readonly #moving: Promise<void>[] = [];
  #began = 0;
  #orders = 0;

  constructor(app: TestApp, gateway: Gateway) {
    this.app = app;
    this.gateway = gateway;
  }

  get seconds(): number {
    return Math.round((this.app.clock.now - this.#began) / 1000);
  }

  now = (): Date => new Date(this.app.clock.now);

  /** Everything forgotten; the clock starts at this Shanghai time. */
  async reset(at = '2026-11-24T15:00:00+08:00'): Promise<void> {
    for (const { outbox } of this.#nodes.splice(0)) await outbox.stop();
    const gone = tables.map((table) => `${table}_gone as (delete from ${table})`);
    await this.app.store.sql.query(`with ${gone.join(', ')} select 1`);
    this.app.clock.now = Date.parse(at);
    this.#began = this.app.clock.now;
    this.heard.length = 0;
    this.gateway.calls.length = 0;
    this.errors.length = 0;
    this.cards.clear();
    this.down = false;
    this.robotAnswers = () => undefined;
    this.surroundings = {};
    this.rules = 'routes: [{ to: ["feishu:oc_1"] }]';
  }

  /** A process of its own on the same database. */
  node(): Node {
    const { sql } = this.app.store;
    const { now } = this;
    const rules = {
      current: () => parseRules(this.rules.replaceAll('GATEWAY', this.gateway.origin), 'a.yaml'),
    } as Rules;
    const show = (conversation: string, card: Card): void => {
      this.cards.set(`${conversation} ${card.id}`, card);
      this.#moving.push(this.#keepCard(sql, conversation, card));
    };
    const robots = createRobots({ rules, now, pace: createPace(sql, now, async () => undefined) });
    const outbox = new Outbox({
      sql,
      now,
      channels: new Map<string, Sender>([
        ['feishu', this.#platform('feishu')],
        ['dingtalk', this.#platform('dingtalk')],
        ['robot', robots],
      ]),
      onSent: (tx, conversation, _handle, card) => this.#keepCard(tx, conversation, card),
      onError: (error) => void this.errors.push(error),
    });
    const alerts = new Alerts({
      sql,
      now,
      rules,
      show,
      outbox,
      frame: async () => ({ publicUrl: 'https://xiaoqing.example' }),
      surroundings: async () => ({
        pipelines: ['p'],
        schedules: new Map(),
        brokenSchedules: new Map(),
        dataDir: '.',
        channels: [],
        ...this.surroundings,
      }),
    });
    this.#nodes.push({ alerts, outbox });
    return { alerts, outbox };
  }

  /** What a platform shows of a card is what it was sent or moved to last. */
  async #keepCard(tx: Sql, conversation: string, card: Card): Promise<void> {
    if (!/^(feishu|dingtalk):/.test(conversation)) return;
    await tx.query(
      `insert into sent_cards (channel, conversation, card_id, handle, card, at) values ('feishu', $1, $2, '{"id":"1"}', $3::jsonb, $4)
       on conflict (channel, conversation, card_id) do update set card = excluded.card`,
      [conversation, card.id, JSON.stringify(card), this.now()],
    );
  }

  #platform(name: ChannelName): Sender {
    return {
      name,
      send: async (receiver, { card, text }, { at }) => {
        if (this.down) throw new SendError('down', { reason: 'unreachable', recoverable: true });
        const title = card?.title ?? text;
        this.heard.push({
          at: this.seconds,
          receiver,
          title,
          ...(card ? { card } : {}),
          ...(at ? { mention: at } : {}),
        });
        return { messageId: `${name}${this.heard.length}` };
      },
      move: async () => undefined,
    };
  }

  /** The robots' gateway: what it takes is heard. */
  robotHears(call: Call): string {
    const refused = this.robotAnswers(call);
    if (refused !== undefined) return refused;
    const receiver = `robot:${new URL(call.path, 'http://x').pathname.slice(1)}`;
    const body = JSON.parse(call.body) as {
      title?: string;
      markdown?: { title: string };
      card?: { header: { title: { content: string } } };
    };
    const title = body.markdown?.title ?? body.card?.header.title.content ?? body.title ?? '';
    this.heard.push({ at: this.seconds, receiver, title });
    return '{}';
  }

  /** Time passes; every `every` seconds each node looks and sends. */
  async pass(seconds: number, nodes: readonly Node[], every = 5): Promise<void> {
    const end = this.seconds + seconds;
    while (this.seconds < end) {
      this.app.clock.now += Math.min(every, end - this.seconds) * 1000;
      await this.look(nodes);
    }
  }

  async look(nodes: readonly Node[]): Promise<void> {
    await Promise.all(nodes.map(({ alerts }) => alerts.evaluate()));
    for (const { outbox } of nodes) await outbox.flush();
    await Promise.all(this.#moving.splice(0));
  }

  async fail(
    category: string,
    count = 1,
    error: object = { message: '原因', next: '办法', subjects: ['A-1'] },
  ): Promise<void> {
    await this.app.store.sql.query(
      `insert into documents (pipeline, key, state, source_status, modified, shop_id, shop_name, warehouse_id, amount, quantity, raw, bill_number, category, error, first_seen_at, updated_at)
       select 'p', 'k' || ($1::int + n), 'failed', 'Confirmed', now(), '1', 's', 'w', 1, 1, '{}', 'b' || ($1::int + n), $2, $4::jsonb, now(), now()
       from generate_series(1, $3::int) n`,
      [this.#orders, category, count, JSON.stringify(error)],
    );
    this.#orders += count;
  }

  async repair(category: string): Promise<void> {
    await this.app.store.sql.query(`update documents set state = 'done', error = null where category = $1`, [category]);
  }

  /** A run of a pipeline as it stands in the ledger. */
  async run(row: {
    state: string;
    at?: Date;
    error?: object;
    by?: string;
    lease?: Date;
    trigger?: string;
  }): Promise<string> {
    const { state, at = this.now(), error, by = 'changes', lease, trigger = 'schedule' } = row;
    this.#orders += 1;
    const id = `run${this.#orders}`;
    const ended = ['succeeded', 'partial', 'failed', 'cancelled'].includes(state);
    await this.app.store.sql.query(
      `insert into runs (id, pipeline, kind, trigger, window_by, window_start, window_end, requester, state, lease_until, error, created_at, started_at, finished_at)
       values ($1, 'p', 'sync', $2, $3, $4, $4, '{}', $5, $6, $7::jsonb, $4, $4, $8)`,
      [id, trigger, by, at, state, lease ?? null, error ? JSON.stringify(error) : null, ended ? at : null],
    );
    return id;
  }

  /** The one card of an alert in a conversation that is live, as it stands now. */
  card(conversation: string, title: RegExp): Card | undefined {
    return [...this.cards].findLast(([key, card]) => key.startsWith(`${conversation} `) && title.test(card.title))?.[1];
  }

  async end(): Promise<void> {
    await this.reset();
    await this.app.end();
    await this.gateway.close();
  }
}

export async function openHouse(): Promise<House> {
  const app = await startApp();
  const gateway = await startGateway((call) => house.robotHears(call));
  const house: House = new House(app, gateway);
  await house.reset();
  return house;
}
