import { Decimal, toDecimal } from '../decimal.ts';
import { type AppError, asAppError } from '../errors.ts';
import type { SourceLine, SourceOrder } from './connector.ts';
import type { CompiledMapping } from './mapping.ts';
import type { Outcome } from './run.ts';

/** What reading and mapping found out about one record. */
export interface MappedRecord {
  order: SourceOrder;
  billNumber: string;
  warehouseId: string;
  amount: string;
  quantity: string;
  outcome: Outcome;
  error?: AppError;
}

/** What the mapping makes of one record: planned to be written, skipped by the precondition, or failed with a cause. */
export function mapRecord(mapping: CompiledMapping, order: SourceOrder): MappedRecord {
  const own = mapping.own(order);
  const known = {
    order,
    billNumber: mapping.billNumber(order.key),
    warehouseId: typeof order.raw.wms_co_id === 'string' ? order.raw.wms_co_id : '',
    amount: sumOf(own, 'amount'),
    quantity: sumOf(own, 'qty'),
  };
  try {
    if (!mapping.precondition(order)) return { ...known, outcome: 'skipped' };
    mapping.apply(order);
    return { ...known, outcome: 'pending' };
  } catch (error) {
    return { ...known, outcome: 'failed', error: asAppError(error) };
  }
}

function sumOf(lines: readonly SourceLine[], field: string): string {
  return lines.reduce((sum, line) => sum.plus(toDecimal(line[field]) ?? 0), new Decimal(0)).toFixed();
}
