import { Decimal, toDecimal } from '../decimal.ts';
import { AppError } from '../errors.ts';
import type { SourceLine, SourceOrder } from './connector.ts';
import { priceOf, splitForPrice, toCents } from './money.ts';
import type { Pipeline } from './pipeline.ts';

/** A source line ready for billing: canonical `amount`, `qty`, `price` (tax included) and `free` (a gift without an amount). */
export type BillLine = Record<string, unknown> & { amount: Decimal; qty: Decimal; price: Decimal };

type Pricing = (line: SourceLine) => SourceLine;

/** Where the amount and the price of a line come from. */
const pricings: Readonly<Record<Pipeline['pricing'], Pricing>> = {
  'tax-included-lines': (line) => line,
  'cost-lines': (line) => {
    const amount = toDecimal(line.cost_amount);
    return { ...line, amount: amount?.isZero() ? null : line.cost_amount, price: line.cost_price };
  },
  none: (line) => ({ ...line, amount: '0', price: '0' }),
};

/** The lines that are a pipeline's to book, at what it books them. */
export function ownLines({ raw }: SourceOrder, { lines: { sign }, pricing }: Pipeline): SourceLine[] {
  const own = sign === undefined ? raw.items : raw.items.filter(({ qty }) => isOf(sign, toDecimal(qty)));
  return own.map((line) => pricings[pricing](sign === 'negative' ? turned(line) : line));
}

/** What cannot be read is of either sign: it is refused, not left out. */
const isOf = (sign: 'positive' | 'negative', qty: Decimal | null): boolean =>
  qty === null || (sign === 'positive' ? qty.gt(0) : qty.lt(0));

/** A line below zero as one above. */
function turned(line: SourceLine): SourceLine {
  const values = ['qty', 'amount', 'cost_amount'].flatMap((name): [string, unknown][] => {
    const value = toDecimal(line[name]);
    return value ? [[name, value.negated().toFixed()]] : [];
  });
  return { ...line, ...Object.fromEntries(values) };
}

/** Checks an order's lines and prices them. Codes, all of category source_data: `mapping.no_items`, `.bad_qty`, `.no_sku`, `.bad_amount`, `.unpriced`. */
export function billLines(order: SourceOrder, pipeline: Pipeline): BillLine[] {
  const refuse = (code: string, line?: SourceLine): AppError => {
    const sku = String(line?.sku_id ?? '');
    return new AppError(`mapping.${code}`, 'data', {
      category: 'source_data',
      params: { sku: sku || '—' },
      subjects: sku ? [sku] : [],
    });
  };
  const lines = ownLines(order, pipeline)
    .filter((line) => !isLeftOut(line, pipeline))
    .map((line): SourceLine & { qty: Decimal; amount: Decimal } => {
      const qty = toDecimal(line.qty);
      if (!line.sku_id) throw refuse('no_sku', line);
      if (!qty || qty.lte(0)) throw refuse('bad_qty', line);
      const price = toDecimal(line.price);
      const amount =
        toDecimal(line.amount) ?? (price ? price.times(qty) : line.is_gift === true ? new Decimal(0) : null);
      if (pipeline.pricing === 'cost-lines' && (!amount || amount.isZero())) {
        if (pipeline.lines.unpriced === 'refuse') throw refuse('unpriced', line);
        return { ...line, qty, amount: new Decimal(0) };
      }
      if (!amount || amount.isNegative()) throw refuse('bad_amount', line);
      return { ...line, qty, amount };
    });
  if (lines.length === 0) throw refuse('no_items');
  const freight = toDecimal(order.raw.freight);
  if (pipeline.freight_material && freight?.gt(0)) {
    lines.push({ sku_id: pipeline.freight_material, qty: new Decimal(1), amount: freight, is_gift: false });
  }
  const cents = toCents(lines.map((line) => line.amount));
  return lines.flatMap((line, index) =>
    splitForPrice({ amount: cents[index] ?? line.amount, qty: line.qty }, pipeline.price_scale).map((part) => ({
      ...line,
      ...part,
      price: priceOf(part, pipeline.price_scale),
      is_gift: line.is_gift === true && part.amount.isZero(),
    })),
  );
}

/** Whether a line is one of those that the pipeline file leaves out. */
function isLeftOut(line: SourceLine, { lines }: Pipeline): boolean {
  const qty = toDecimal(line.qty);
  const amount = toDecimal(line.amount);
  const isNothing = qty?.isZero() === true && (amount === null || amount.isZero());
  const isBelow = (qty?.lt(0) ?? false) || (amount?.lt(0) ?? false);
  return (isNothing && lines.zero === 'leave_out') || (isBelow && lines.negative === 'leave_out');
}

/** What is billed but looks odd: gifts with an amount, amounts finer than a cent. */
export function warningsOf(order: SourceOrder): string[] {
  return order.raw.items.flatMap((line) => {
    const amount = toDecimal(line.amount);
    return [
      ...(line.is_gift === true && amount?.gt(0) ? ['gift_with_amount'] : []),
      ...(amount && amount.decimalPlaces() > 2 ? ['finer_than_a_cent'] : []),
    ];
  });
}
