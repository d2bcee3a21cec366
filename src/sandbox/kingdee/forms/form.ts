import type { Reference } from '../datum.ts';

/**
 * What a field takes: `code`, any code; a kind of base data, a code that is known, audited and allocated there; `booked`, the day that
 * must not be closed; `number`; `positive`, a number over 0; `text`.
 */
export interface Field {
  /** As this form spells it; in another spelling it is not there. */
  name: string;
  label: string;
  kind: Reference | 'code' | 'booked' | 'number' | 'positive' | 'text';
  optional?: true;
  /** The only values it may have. */
  oneOf?: readonly string[];
}

/** A place that an entry takes goods out of (-1) or puts them into (1). */
export interface Move {
  sign: 1 | -1;
  stock: string;
  status: string;
}

/** A kind of bill: its fields in the order in which they are checked, the names of what it counts, and what it does to stock. */
export interface Form {
  id: string;
  title: string;
  /** What numbers start with that the form gives itself. */
  prefix: string;
  head: readonly Field[];
  /** Of each group one field at least, said of the first. */
  oneAtLeast?: readonly (readonly Field[])[];
  /** The finance sub-head; it must stand before the entries, else their prices are computed as 0. */
  finance?: { name: string; fields: readonly Field[] };
  entry: {
    name: string;
    label: string;
    fields: readonly Field[];
    material: string;
    quantity: string;
    lot: string;
    /** What a line costs, where the form says: a unit, and the whole, which is kept once somebody has typed it in. */
    money?: {
      price: string;
      amount: string;
      /** The mark without which a price may not be 0. */
      free?: string;
    };
  };
  /** What a line says of the order it is of; one of them is needed where the tenant's rules say so. */
  linked?: readonly string[];
  /** Whether goods that are inspected first are refused. */
  inspects?: true;
  moves: readonly Move[];
  /** A field of the head and the value that turns the moves round. */
  reversed?: { field: string; value: string };
}

type Row = Record<string, unknown>;

export function entriesOf(form: Form, model: Row): Row[] {
  const entries = model[form.entry.name];
  return Array.isArray(entries) ? (entries as Row[]) : [];
}
