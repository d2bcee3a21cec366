import { Decimal as Base } from 'decimal.js';

/** Decimals for money and quantities: 40 significant digits, half-up, never exponent notation in text. */
export const Decimal = Base.clone({ precision: 40, rounding: Base.ROUND_HALF_UP, toExpNeg: -30, toExpPos: 40 });
export type Decimal = Base;

/** A decimal from wire text or a number already read as text; null when it is empty or not a plain number of at most 20 digits before and after the point. */
export function toDecimal(value: unknown): Decimal | null {
  if (value instanceof Base) return value;
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return /^[+-]?\d{1,20}(\.\d{1,20})?$/.test(text) ? new Decimal(text) : null;
}

/** Rounded to the cent, half up. */
export function round2(value: Decimal): Decimal {
  return value.toDecimalPlaces(2);
}
