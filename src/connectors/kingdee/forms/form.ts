import { phrase } from '../../../phrases.ts';
import { createCatalogue } from '../../../sync/catalogue.ts';
import type { BillLayout, Catalogue, Field } from '../../../sync/connector.ts';

/** A kind of bill (单据) of 金蝶: where its parts stand. Their spelling differs from form to form. */
export interface Form extends BillLayout {
  /** FormId */
  id: string;
  /** Fields of an entry. */
  material: string;
  /** Where goods are taken from, or else where they are put. */
  stock: string;
  /** All that hold the unit its quantities are in. */
  units: readonly string[];
  quantity: string;
  /** Of the head: the organisation of `stock`. */
  organization: string;
  /** What an audit does to `stock`. */
  moves: 'out' | 'in';
}

export type FieldRow = readonly [
  path: string,
  type: Field['type'],
  /** Below `catalogue.kingdee.field` in prompts. */
  label: string,
  aliases?: readonly string[],
];

/** Options of the save itself, the same for every form. */
const options: readonly FieldRow[] = [
  ['FormId', 'string', 'FormId', ['FEntity.SubHeadEntity.FormId']],
  ['Operation', 'string', 'Operation', ['FEntity.SubHeadEntity.Operation']],
  ['IsAutoSubmitAndAudit', 'bool', 'IsAutoSubmitAndAudit', ['FEntity.SubHeadEntity.IsAutoSubmitAndAudit']],
  ['IsVerifyBaseDataField', 'bool', 'IsVerifyBaseDataField', ['FEntity.SubHeadEntity.IsVerifyBaseDataField']],
  ['SubSystemId', 'string', 'SubSystemId', ['FEntity.SubHeadEntity.SubSystemId']],
  ['BatchCount', 'string', 'BatchCount', ['FEntity.SubHeadEntity.BatchCount']],
];

/** The fields of a form and the options of its save. A path is spelt as the server's own templates spell it. */
export function formCatalogue(fields: readonly FieldRow[]): Catalogue {
  const toField =
    (kind: Field['kind']) =>
    ([path, type, key, aliases = []]: FieldRow): Field => {
      const label = phrase(`catalogue.kingdee.field.${key}`);
      return { path, kind, type, aliases, label, meaning: label };
    };
  return createCatalogue('金蝶云星空', 'batchSave', [
    ...fields.map(toField('model')),
    ...options.map(toField('option')),
  ]);
}
