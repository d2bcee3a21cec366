import { Decimal, toDecimal } from '../../decimal.ts';
import { AppError } from '../../errors.ts';
import type { Shortage, TargetBill } from '../../sync/connector.ts';
import type { Client } from './client.ts';
import type { Form } from './forms/form.ts';
import { type BaseData, quoted } from './lookup.ts';
import { codeOf, entriesOf } from './references.ts';

/**
 * What a bill takes out of stocks that do not hold it. Balances are the rows of STK_Inventory (即时库存), summed over lots and
 * states; a server that does not let us read them leaves `left` open.
 */
export async function shortagesOf(
  bill: TargetBill,
  form: Form,
  client: Client,
  baseData: BaseData,
): Promise<Shortage[]> {
  const needed = form.moves === 'out' ? needsOf(bill, form) : [];
  if (needed.length === 0) return [];
  const stocks = await baseData.lookup(
    'stock',
    needed.map(({ stock }) => stock),
  );
  const left = await balances(client, codeOf(bill.model[form.organization]) ?? '', needed);
  return needed
    .map((need) => ({
      ...need,
      stockName: stocks.get(need.stock)?.name ?? '',
      left: left && (left.get(placeOf(need)) ?? new Decimal(0)),
    }))
    .filter(({ needed: quantity, left: held }) => held === null || held.lt(quantity));
}

interface Need {
  material: string;
  stock: string;
  needed: Decimal;
}

/** The server answers with its own letter case. */
const placeOf = ({ material, stock }: Pick<Need, 'material' | 'stock'>): string =>
  `${material}\n${stock}`.toUpperCase();

function needsOf(bill: TargetBill, form: Form): Need[] {
  const needs = new Map<string, Need>();
  for (const entry of entriesOf(bill)) {
    const need = { material: codeOf(entry[form.material]) ?? '', stock: codeOf(entry[form.stock]) ?? '' };
    const before = needs.get(placeOf(need))?.needed ?? new Decimal(0);
    needs.set(placeOf(need), { ...need, needed: before.plus(toDecimal(entry[form.quantity]) ?? 0) });
  }
  return [...needs.values()];
}

async function balances(
  client: Client,
  organization: string,
  needs: readonly Need[],
): Promise<Map<string, Decimal> | null> {
  const codes = (field: 'material' | 'stock'): string => quoted([...new Set(needs.map((need) => need[field]))]);
  try {
    const rows = await client.query({
      FormId: 'STK_Inventory',
      FieldKeys: 'FMaterialId.FNumber,FStockId.FNumber,FBaseQty',
      FilterString: `FStockOrgId.FNumber = '${organization.replaceAll("'", "''")}' and FMaterialId.FNumber in (${codes('material')}) and FStockId.FNumber in (${codes('stock')})`,
      TopRowCount: 0,
      StartRow: 0,
      Limit: 10_000,
    });
    const sums = new Map<string, Decimal>();
    for (const [material, stock, quantity] of rows) {
      const place = placeOf({ material: String(material), stock: String(stock) });
      sums.set(place, (sums.get(place) ?? new Decimal(0)).plus(toDecimal(quantity) ?? 0));
    }
    return sums;
  } catch (error) {
    if (error instanceof AppError && (error.kind === 'data' || error.category === 'permission')) return null;
    throw error;
  }
}
