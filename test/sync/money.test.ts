import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimal, round2 } from '../../src/decimal.ts';
import { priceOf, splitForPrice, toCents } from '../../src/sync/money.ts';

const sum = (values: readonly Decimal[]): Decimal => values.reduce((total, value) => total.plus(value), new Decimal(0));

test.each([
  ['107.70', 3, 6, [['107.7', '3', '35.9']]],
  ['100.00', 3, 6, [['100', '3', '33.333333']]],
  [
    '100.00',
    3,
    2,
    [
      ['66.66', '2', '33.33'],
      ['33.34', '1', '33.34'],
    ],
  ],
  [
    '0.05',
    8,
    2,
    [
      ['0', '7', '0'],
      ['0.05', '1', '0.05'],
    ],
  ],
])('%s for %i at %i decimals', (amount, qty, scale, parts) => {
  const got = splitForPrice({ amount: new Decimal(amount), qty: new Decimal(qty) }, scale);
  expect(got.map((part) => [part.amount.toFixed(), part.qty.toFixed(), priceOf(part, scale).toFixed()])).toEqual(parts);
});

test('price × quantity gives every amount back to the cent, whatever the scale', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000_000 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 2, max: 6 }),
      (cents, qty, scale) => {
        const line = { amount: new Decimal(cents).div(100), qty: new Decimal(qty) };
        const parts = splitForPrice(line, scale);
        expect(sum(parts.map((part) => part.qty)).equals(line.qty)).toBe(true);
        expect(sum(parts.map((part) => round2(priceOf(part, scale).times(part.qty)))).equals(line.amount)).toBe(true);
        expect(parts.every((part) => !part.amount.isNegative())).toBe(true);
      },
    ),
  );
});

test('cents of lines add up to the cents of the order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 ** 12 }), { minLength: 1, maxLength: 20 }), (amounts) => {
      const exact = amounts.map((value) => new Decimal(value).div(10 ** 8));
      const cents = toCents(exact);
      expect(sum(cents).equals(round2(sum(exact)))).toBe(true);
      expect(cents).toHaveLength(exact.length);
    }),
  );
});
