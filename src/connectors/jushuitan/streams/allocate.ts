import type { SourceOrder } from '../../../sync/connector.ts';
import { head, lot, movement, movementReads, movementRecord, movementStream, spec, zoneOf } from './movement.ts';
import { isId, type Raw } from './row.ts';
import type { FieldRow } from './stream.ts';

const call = '/open/allocate/query';

const response: readonly FieldRow[] = [
  ...head,
  ['link_io_id', 'string'],
  ['link_wms_co_id', 'string'],
  ['link_wh_id', 'string'],
  ['link_zone', 'string'],
  ['link_warehouse', 'string'],
  ['arrived_date', 'string'],
  ['l_id', 'string'],
  ['logistics_company', 'string'],
  spec,
  ['items.r_qty', 'number'],
  ['items.supplier_id', 'string'],
  ...lot,
];

const sent = '调拨出';

const half = (raw: Raw): Raw => ({ ...movement(raw), link_zone: zoneOf(raw.link_wms_co_id, raw.link_wh_id) });

/** The number of the other half. */
function otherOf({ raw: { link_io_id } }: SourceOrder): string | null {
  return typeof link_io_id === 'string' && isId(link_io_id) && link_io_id !== '0' ? link_io_id : null;
}

/** Each 调拨出 with what its 调拨入 counted in; a half whose 调拨出 nobody knows stays by itself. */
function join(halves: readonly SourceOrder[]): SourceOrder[] {
  const known = new Map(halves.map((one) => [one.key, one]));
  return [...known.values()].flatMap((one) => {
    const other = known.get(otherOf(one) ?? '');
    if (one.raw.type !== sent) return other ? [] : [one];
    return [other?.status === 'Confirmed' ? arrived(one, other) : { ...one, waitsFor: otherOf(one) ?? '' }];
  });
}

function arrived(out: SourceOrder, into: SourceOrder): SourceOrder {
  const items = into.raw.items.map((line) => ({ ...line, qty: line.r_qty ?? line.qty }));
  const faults = [...(out.faults ?? []), ...(into.faults ?? [])];
  return {
    ...out,
    modified: into.modified > out.modified ? into.modified : out.modified,
    raw: { ...movement({ ...out.raw, items }), arrived_date: into.raw.io_date },
    ...(faults.length > 0 ? { faults } : {}),
  };
}

/** 调拨: a 调拨出 and its 调拨入 are one document, of the number and the day of the first and the quantities of the second. */
export const allocate = movementStream(
  response,
  {
    call,
    reads: (query) => movementReads(query, 2, query.by === 'io_date' ? { type: sent } : {}),
    record: movementRecord(half),
  },
  { otherOf, join },
);
