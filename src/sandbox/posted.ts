import { dayMs, fromWall, toDay } from '../shanghai.ts';
import type { Bill } from './kingdee/bill.ts';
import { ordersOfDay, type SandboxOrder } from './orders.ts';

/** Days, `YYYY-MM-DD` and inclusive, whose orders stand in 金蝶 already, audited, with nothing wrong. */
export interface PostedDays {
  from: string;
  to: string;
}

export const isPosted = (day: Date, posted: PostedDays | undefined): boolean =>
  posted !== undefined && toDay(day) >= posted.from && toDay(day) <= posted.to;

/** The bills of these days, as somebody would have made them of their shipped orders. */
export function* postedBills({ from, to }: PostedDays, seed: number, perDay: number): Iterable<Bill> {
  let id = 100_000;
  const last = fromWall(to)?.getTime() ?? 0;
  for (let day = fromWall(from)?.getTime() ?? 1; day <= last; day += dayMs)
    for (const order of ordersOfDay(new Date(day), seed, perDay, true))
      if (order.status === 'Confirmed') {
        id += 1;
        yield billOf(order, id);
      }
}

function billOf(order: SandboxOrder, id: number): Bill {
  const number = `JST${order.io_id}`;
  return {
    id,
    form: 'SAL_OUTSTOCK',
    number,
    status: 'C',
    model: {
      FBillNo: number,
      FDate: toDay(order.ioDate),
      FStockOrgId: { FNumber: order.warehouse.org },
      FCustomerID: { FNumber: order.shop.customer },
      FEntity: order.lines.map((line) => ({
        FMaterialID: { FNumber: line.good.sku },
        FStockID: { FNumber: order.warehouse.stock },
        FRealQty: line.qty,
        FTaxPrice: Number((line.amount / 100 / line.qty).toFixed(6)),
      })),
    },
  };
}
