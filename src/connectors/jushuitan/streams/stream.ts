import { phrase } from '../../../phrases.ts';
import { createCatalogue } from '../../../sync/catalogue.ts';
import type { Catalogue, Field, RecordState, SourceOrder, SourceQuery } from '../../../sync/connector.ts';

/** Parameters of one call, as Open Platform V2 names and types them; text where the wire wants whole numbers beyond 2^53. */
export type Wired = Record<string, string | number | boolean | string[]>;

/** One gateway's way to a kind of document. */
export interface Route {
  /** The method of 奇门, or the path of Open Platform V2. */
  call: string;
  /** The calls a query takes, one read each. Window ≤ 7 days. */
  reads(query: SourceQuery, now: Date): Wired[];
  /** Parameters that are lists; a pipeline file puts commas between. */
  lists?: readonly string[];
  /** It knows no window by the document's own time, and brings more than lies in one. */
  looser?: boolean;
  /** A row as a record. */
  record(row: unknown): SourceOrder;
}

/** A kind of document (单据) of 聚水潭. */
export interface Stream {
  /** What a pipeline file may name as `source.api`. */
  apis: readonly string[];
  catalogue: Catalogue;
  qimen: Route | null;
  open: Route | null;
  /** Whether a document can be asked for by this key. */
  isKey(key: string): boolean;
  /** What a status means. */
  stateOf(status: string): RecordState;
  /** Statuses to ask for when looking for what was cancelled; none where cancelled ones are read with the others. */
  cancelled: readonly string[];
  /** The field by which records of both routes with keys of different kinds are known to be the same document. */
  twin?: string;
  /** Where two rows are one document: the key of a row's other half, and what rows come to together. */
  halves?: {
    otherOf(half: SourceOrder): string | null;
    join(halves: readonly SourceOrder[]): SourceOrder[];
  };
}

/** Taken back (Cancelled), or never carried out (Delete). */
export const stateOf = (status: string): RecordState =>
  status === 'Cancelled' || status === 'Delete' ? 'cancelled' : 'active';

export type FieldRow = readonly [path: string, type: Field['type'], aliases?: readonly string[]];

const toField =
  (kind: Field['kind'], section: string) =>
  ([path, type, aliases = []]: FieldRow): Field => {
    const meaning = phrase(`catalogue.jushuitan.${section}.${path.replace('.', '__')}`);
    return { path, aliases, label: meaning.split(/[，(]/, 1)[0] ?? path, type, meaning, kind };
  };

/** The fields of an interface. Later entries win a name: `status` is the row's, the request's is reached through the parameters of a pipeline. */
export function streamCatalogue(
  api: string,
  request: readonly FieldRow[],
  response: readonly FieldRow[],
  section = 'field',
): Catalogue {
  return createCatalogue('聚水潭', api, [
    ...request.map(toField('request', 'request')),
    ...response.map(toField('model', section)),
  ]);
}
