import { Decimal, round2 } from '../decimal.ts';

export interface Quantified {
  amount: Decimal;
  qty: Decimal;
}

/**
 * Line amounts in whole cents whose sum is the order's sum rounded to the cent. The cent that is left over when amounts carry
 * more than two decimals goes to the largest line, the first of equals.
 */
export function toCents(amounts: readonly Decimal[]): Decimal[] {
  const cents = amounts.map(round2);
  const sum = (values: readonly Decimal[]): Decimal =>
    values.reduce((total, value) => total.plus(value), new Decimal(0));
  const left = round2(sum(amounts)).minus(sum(cents));
  if (left.isZero()) return cents;
  const largest = cents.reduce((best, value, index) => (value.gt(cents[best] ?? 0) ? index : best), 0);
  return cents.map((value, index) => (index === largest ? value.plus(left) : value));
}

/** The price of a line at `scale` decimals, half up. */
export function priceOf({ amount, qty }: Quantified, scale: number): Decimal {
  return amount.div(qty).toDecimalPlaces(scale);
}

/**
 * The line as it is, or split in two where no price of `scale` decimals gives its amount back: all but one piece at the price
 * rounded down, and one piece that takes what is left. round2(price × qty) then equals the amount of every part.
 */
export function splitForPrice(line: Quantified, scale: number): Quantified[] {
  if (round2(priceOf(line, scale).times(line.qty)).equals(line.amount) || line.qty.lte(1)) return [line];
  const most = line.qty.minus(1);
  const price = line.amount.div(line.qty).toDecimalPlaces(scale, Decimal.ROUND_DOWN);
  const amount = round2(price.times(most));
  return [
    { amount, qty: most },
    { amount: line.amount.minus(amount), qty: new Decimal(1) },
  ];
}
