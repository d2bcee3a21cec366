import type { Reply } from '../channels/message.ts';
import type { FailureCategory } from '../errors.ts';
import { daysLabel, money, someOf } from '../format.ts';
import { phrase } from '../phrases.ts';
import type { Sql } from '../store/sql.ts';
import { type Asked, counted } from './figures.ts';

/** Which of a window's orders: those of shops (「天猫、京东」: ids or parts of names), of a warehouse, in the target, or failed, and why. */
export interface OrdersAsked extends Asked {
  shop?: string | undefined;
  warehouse?: string | undefined;
  outcome?: 'written' | 'failed' | undefined;
  category?: FailureCategory | undefined;
}

interface OrderRow {
  key: string;
  amount: string;
  outcome: 'written' | 'failed' | 'waiting';
  category: string | null;
  total: number;
  /** Yuan, of all. */
  sum: string;
}

const shown = 20;

/** The orders behind a figure: number, amount and state of each, the failed ones first, and how many more there are. */
export async function ordersReply(sql: Sql, asked: OrdersAsked): Promise<Reply> {
  const rows = await orders(sql, asked);
  const { total = 0, sum = '0' } = rows[0] ?? {};
  const { shop, warehouse, outcome, category: why } = asked;
  const words = [outcome && phrase(`report.outcome.${outcome}`), why && phrase(`cards.category.${why}`)];
  const only = [shop, warehouse, ...words].filter(Boolean).join(' · ');
  const range = daysLabel(asked.start, asked.end);
  const title = phrase('report.orders.title', {
    range,
    only: only ? ` · ${only}` : '',
    count: total,
    amount: money(sum),
  });
  if (total === 0) return { text: phrase('report.orders.none', { range, only }) };
  return {
    text: `${title}：${someOf(
      rows.map(({ key }) => key),
      5,
      total,
    )}`,
    card: {
      id: `orders-${asked.start.getTime()}-${asked.end.getTime()}-${only}`,
      title,
      tone: 'neutral',
      blocks: [
        {
          type: 'table',
          columns: ['order', 'amount', 'state'].map((column) => phrase(`report.orders.${column}`)),
          rows: rows.map(({ key, amount, outcome: state, category }) => [key, money(amount), stateOf(state, category)]),
          ...(total > rows.length ? { omitted: total - rows.length } : {}),
        },
      ],
      buttons: [],
    },
  };
}

function stateOf(outcome: OrderRow['outcome'], category: string | null): string {
  const state = phrase(`report.outcome.${outcome}`);
  return outcome === 'failed' ? `${state} · ${phrase(`cards.category.${category ?? 'unknown'}`)}` : state;
}

const parts = (names: string | undefined): string[] | null => names?.split('、').map((name) => name.trim()) ?? null;

async function orders(sql: Sql, asked: OrdersAsked): Promise<OrderRow[]> {
  const { pipeline, start, end, shop, warehouse, outcome = null, category = null } = asked;
  const shops = parts(shop)?.map((name) => name.replace(/(?:店铺?|的)$/, '')) ?? null;
  return await sql.query<OrderRow>(
    `select key, amount::text as amount, outcome, category, (count(*) over ())::int as total, (sum(amount) over ())::text as sum
     from (select d.key, d.amount, d.category, d.io_date, case when d.error is not null then 'failed' when d.state = 'done' then 'written' else 'waiting' end as outcome
           from documents d where ${counted}
             and ($4::text[] is null or exists (select 1 from unnest($4::text[]) name
                   where d.shop_id = name or strpos(d.shop_name, name) > 0))
             and ($5::text is null or d.warehouse_id = $5 or strpos(coalesce(d.raw -> 'raw' ->> 'warehouse', ''), $5) > 0)) d
     where ($6::text is null or outcome = $6) and ($7::text is null or (outcome = 'failed' and category = $7))
     order by outcome = 'failed' desc, io_date, key limit $8`,
    [pipeline, start, end, shops, warehouse?.replace(/库$/, '') ?? null, outcome, category, shown],
  );
}
