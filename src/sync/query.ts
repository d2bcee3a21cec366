import type { SourceOrder, SourceQuery } from './connector.ts';
import type { PipelineParts } from './parts.ts';
import type { RunFilters, RunRequest } from './run.ts';
import { planSlices, type Window } from './window.ts';

/** Whether the run names its orders: the window is then not read, only these. */
export const namesOrders = ({ keys, numbers }: RunFilters): boolean => keys !== undefined || numbers !== undefined;

/** The stretches in which a source can be asked for a window, one after another; named orders are asked for at once. */
export function slicesOf(
  { source }: PipelineParts,
  { start, end, filters }: Pick<RunRequest, 'start' | 'end' | 'filters'>,
): Window[] {
  return namesOrders(filters) ? [{ start, end }] : planSlices(start, end, source.maxWindowDays);
}

/** What the source is asked for one slice of what somebody asked for. */
export function sourceQuery(
  { pipeline }: PipelineParts,
  { by, filters }: Pick<RunRequest, 'by' | 'filters'>,
  { start, end }: Window,
): SourceQuery {
  const { status, ...params } = pipeline.source.params;
  return {
    by: by === 'modified' ? 'modified' : 'io_date',
    start,
    end,
    statuses: namesOrders(filters) || !status ? [] : [status],
    ...(filters.keys ? { keys: filters.keys } : {}),
    ...(filters.numbers ? { numbers: filters.numbers } : {}),
    params,
    pageSize: pipeline.source.page_size,
  };
}

/** Rows the source says a request has, without reading them; null when it does not say. */
export async function countRows(
  parts: PipelineParts,
  request: Pick<RunRequest, 'by' | 'start' | 'end' | 'filters'>,
): Promise<number | null> {
  let sum = 0;
  for (const slice of planSlices(request.start, request.end, parts.source.maxWindowDays)) {
    const count = await parts.source.count(sourceQuery(parts, request, slice));
    if (count === null) return null;
    sum += count;
  }
  return sum;
}

/** Whether an order is among those asked for. A shop is named by its id or by a part of its name. */
export function matches(order: SourceOrder, filters: RunFilters): boolean {
  const isShop = (text: string): boolean =>
    text.split('、').some((name) => order.shopId === name || order.shopName.includes(name.replace(/(店铺?|的)$/, '')));
  if (filters.shop && !isShop(filters.shop)) return false;
  const { wms_co_id, warehouse, items } = order.raw;
  const house = filters.warehouse;
  if (house && String(wms_co_id) !== house && !String(warehouse ?? '').includes(house.replace(/库$/, ''))) return false;
  if (filters.sku && !items.some(({ sku_id }) => String(sku_id).toLowerCase() === filters.sku?.toLowerCase()))
    return false;
  return !(filters.excludeShop && isShop(filters.excludeShop));
}
