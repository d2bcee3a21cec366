import { expect, test } from 'vitest';
import { Decimal } from '../../src/decimal.ts';
import { count, quantity, text, yuan } from '../../src/reports/cells.ts';

test.each([
  [yuan('19.90'), 19.9, '¥#,##0.00;[Red]-¥#,##0.00'],
  [yuan(new Decimal('0.1').plus('0.2')), 0.3, '¥#,##0.00;[Red]-¥#,##0.00'],
  [yuan(new Decimal('16253182.98').minus('15162996.63')), 1090186.35, '¥#,##0.00;[Red]-¥#,##0.00'],
  [yuan('-0.005'), -0.01, '¥#,##0.00;[Red]-¥#,##0.00'],
  [yuan(null), '', '@'],
  [count(-3), -3, '#,##0;[Red]-#,##0'],
  [quantity('1.5000'), 1.5, '#,##0.####'],
  [text('26112300500001'), '26112300500001', '@'],
])('a cell holds exactly what stands in the ledger: %o', (cell, value, format) => {
  expect(cell).toMatchObject({ value, format });
});
