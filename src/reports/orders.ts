import type { Card, Reply } from '../channels/message.ts';
import { Decimal } from '../decimal.ts';
import { documentWords } from '../documents.ts';
import type { FailureCategory } from '../errors.ts';
import { daysLabel, money } from '../format.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import { toWall } from '../shanghai.ts';
import type { Sql, SqlValue } from '../store/sql.ts';
import { daysRead } from '../sync/coverage.ts';
import type { Window } from '../sync/window.ts';
import { notRead, readButtons } from './coverage.ts';
import { type OrderOutcome, outcomeOf, type Part, partLine } from './figures.ts';
import { mostRows, rangeName, type Sheet } from './sheet.ts';
import { type StatedFigure, type Stating, stating } from './stated.ts';

/** Which orders: of a window or of all days, of shops (「天猫、京东」: ids or parts of names), of a warehouse, what became of them, and why. */
export interface OrdersAsked {
  pipeline: string;
  /** Whether the pipeline audits what it writes. */
  audits: boolean;
  window: Window | null;
  shop?: string | undefined;
  warehouse?: string | undefined;
  outcome?: OrderOutcome | undefined;
  category?: FailureCategory | undefined;
}

interface OrderRow {
  key: string;
  bill: string;
  day: Date | null;
  shop: string;
  warehouse: string;
  amount: string;
  outcome: OrderOutcome;
  category: string | null;
  /** There is a bill of it in the target. */
  there: boolean;
}

/** A page of a list, and how many there are in all. */
export interface Page {
  reply: Reply;
  /** Numbers of the orders on it. */
  orders: string[];
  total: number;
  figures: StatedFigure[];
}

/** What these orders' bills come to, yuan. */
export async function amountOf(sql: Sql, pipeline: string, keys: readonly string[]): Promise<string> {
  const rows = await sql.query<{ amount: string }>(
    'select coalesce(sum(amount), 0)::text as amount from documents where pipeline = $1 and key = any($2)',
    [pipeline, [...keys]],
  );
  return rows[0]?.amount ?? '0';
}

/** The orders behind a figure, `limit` of them from `offset` on: number, amount and state of each, the failed ones first. */
export async function ordersPage(
  sql: Sql,
  asked: OrdersAsked,
  { now, offset, limit }: { now: Date; offset: number; limit: number },
): Promise<Page> {
  const { shop, warehouse, outcome, category: why, window } = asked;
  const parts = await partsOf(sql, asked);
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const amount = parts.reduce((sum, part) => sum.plus(part.amount), new Decimal(0));
  const words = [outcome && phrase(`report.outcome.${outcome}`), why && phrase(`cards.category.${why}`)];
  const only = [shop, warehouse, ...words].filter(Boolean).join(' · ');
  const range = window ? daysLabel(window.start, window.end) : phrase('report.orders.ever');
  const days = window ? await daysRead(sql, asked.pipeline, window, now) : [];
  const state = stating(window, days);
  const figures = statedParts(asked, parts, { count: total, amount: amount.toFixed() }, state);
  // What these figures do not stand for.
  const limits = [
    notRead(days),
    outcome && hasPhrase(`report.unknown.${outcome}`) ? phrase(`report.unknown.${outcome}`) : '',
  ]
    .filter(Boolean)
    .join('');
  const id = `orders-${asked.pipeline}-${window ? `${window.start.getTime()}-${window.end.getTime()}` : 'ever'}-${only}`;
  const buttons = readButtons(days, asked.pipeline);
  const kind = documentWords(asked.pipeline);
  if (total === 0) {
    const text = `${phrase('report.orders.none', { ...kind, range, only })}${limits}`;
    const card: Card = { id, title: text, tone: 'neutral', blocks: [], buttons };
    return { reply: { text, ...(buttons.length > 0 ? { card } : {}) }, orders: [], total, figures };
  }
  const rows = await orders(sql, asked, { offset, limit });
  const title = phrase('report.orders.title', {
    ...kind,
    range,
    only: only ? ` · ${only}` : '',
    count: total,
    amount: money(amount),
  });
  const keys = rows.map(({ key }) => key);
  const split = parts.length > 1 ? phrase('report.orders.split', { parts: parts.map(partLine).join('、') }) : '';
  // What is said of the whole is said once.
  const head = offset === 0 ? [split, limits].filter(Boolean) : [];
  const card: Card = {
    id: offset === 0 ? id : `${id}-${offset}`,
    title,
    tone: 'neutral',
    blocks: [
      ...head.map((text) => ({ type: 'text' as const, text })),
      {
        type: 'table',
        columns: ['order', 'amount', 'state'].map((column) => phrase(`report.orders.${column}`)),
        rows: rows.map((row) => [row.key, money(row.amount), stateOf(row)]),
        ...(total > offset + rows.length ? { omitted: total - offset - rows.length } : {}),
      },
    ],
    buttons: offset === 0 ? buttons : [],
  };
  const text = `${title}${offset === 0 ? split : ''}：${keys.join('、')}。${offset === 0 ? limits : ''}`;
  const each = rows.map((row) => state('amount', row.amount, 'yuan', { order: row.key }));
  return { reply: { text, card }, orders: keys, total, figures: [...figures, ...each] };
}

/** All of them, as far as a file holds. */
export async function ordersSheet(sql: Sql, asked: OrdersAsked, now: Date): Promise<Sheet> {
  const rows = await orders(sql, asked, { offset: 0, limit: mostRows });
  const days = asked.window ? await daysRead(sql, asked.pipeline, asked.window, now) : [];
  return {
    name: phrase('list.file.orders', { ...documentWords(asked.pipeline), range: rangeName(asked.window) }),
    columns: ['order', 'bill', 'day', 'shop', 'warehouse', 'amount', 'state', 'cause'],
    rows: rows.map((row) => [
      row.key,
      row.there ? row.bill : '',
      row.day ? toWall(row.day) : '',
      row.shop,
      row.warehouse,
      row.amount,
      phrase(`report.outcome.${row.outcome}`),
      row.outcome === 'failed' ? phrase(`cards.category.${row.category ?? 'unknown'}`) : '',
    ]),
    total: (await partsOf(sql, asked)).reduce((sum, { count }) => sum + count, 0),
    notes: [notRead(days)].filter(Boolean),
  };
}

function statedParts(
  { shop, warehouse, category }: OrdersAsked,
  parts: readonly (Part & { outcome: OrderOutcome })[],
  { count, amount }: Part,
  state: Stating,
): StatedFigure[] {
  const given = Object.entries({ shop, warehouse, reason: category }).filter(
    (one): one is [string, string] => one[1] !== undefined,
  );
  const by = given.length > 0 ? Object.fromEntries(given) : undefined;
  return [
    state('orders', count, 'orders', by),
    state('amount', amount, 'yuan', by),
    ...parts.flatMap((part) => [
      state(part.outcome, part.count, 'orders', by),
      state(`${part.outcome}_amount`, part.amount, 'yuan', by),
    ]),
  ];
}

function stateOf({ outcome, category, there }: OrderRow): string {
  const state = phrase(`report.outcome.${outcome}`);
  if (outcome === 'failed') return `${state} · ${phrase(`cards.category.${category ?? 'unknown'}`)}`;
  return outcome === 'cancelled' ? `${state} · ${phrase(`report.orders.${there ? 'there' : 'not_there'}`)}` : state;
}

const named = (names: string | undefined): string[] | null => names?.split('、').map((name) => name.trim()) ?? null;

/** The documents asked for, as SQL. Without an outcome, what a report counts. A bill whose audit was refused stands in the target unaudited, too. */
const matching = (audits: boolean): string =>
  `(select d.key, d.bill_number, d.shop_name, d.amount, d.category, d.io_date, d.state, d.target_id is not null as there,
      coalesce(nullif(d.raw -> 'raw' ->> 'warehouse', ''), d.warehouse_id) as warehouse, ${outcomeOf(audits)} as outcome
    from documents d where d.pipeline = $1 and ($2::timestamptz is null or (d.io_date >= $2 and d.io_date < $3))
      and ($4::text[] is null or exists (select 1 from unnest($4::text[]) name
            where d.shop_id = name or strpos(d.shop_name, name) > 0))
      and ($5::text is null or d.warehouse_id = $5 or strpos(coalesce(d.raw -> 'raw' ->> 'warehouse', ''), $5) > 0)) d
   where case when $6::text is null then outcome not in ('withdrawn', 'cancelled') and state <> 'skipped'
              when $6 = 'unaudited' then there and outcome in ('unaudited', 'failed')
              when $6 = 'cancelled' then outcome = $6 else outcome = $6 and state <> 'skipped' end
     and ($7::text is null or (outcome = 'failed' and category = $7))`;

const bound = ({ pipeline, window, shop, warehouse, outcome, category }: OrdersAsked): SqlValue[] => [
  pipeline,
  window?.start ?? null,
  window?.end ?? null,
  named(shop)?.map((name) => name.replace(/(?:店铺?|的)$/, '')) ?? null,
  warehouse?.replace(/库$/, '') ?? null,
  outcome ?? null,
  category ?? null,
];

async function orders(
  sql: Sql,
  asked: OrdersAsked,
  { offset, limit }: { offset: number; limit: number },
): Promise<OrderRow[]> {
  return await sql.query<OrderRow>(
    `select key, bill_number as bill, io_date as day, shop_name as shop, warehouse, amount::text as amount, outcome, category, there
     from ${matching(asked.audits)} order by outcome = 'failed' desc, io_date, key limit $8 offset $9`,
    [...bound(asked), limit, offset],
  );
}

/** How many and how much of them, by what became of them. */
async function partsOf(sql: Sql, asked: OrdersAsked): Promise<(Part & { outcome: OrderOutcome })[]> {
  return await sql.query(
    `select outcome, count(*) as count, sum(amount)::text as amount from ${matching(asked.audits)} group by 1 order by count(*) desc`,
    bound(asked),
  );
}
