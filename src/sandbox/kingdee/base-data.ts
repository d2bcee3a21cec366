import type { Books } from './books.ts';
import type { Datum } from './datum.ts';
import type { Row } from './filter.ts';

/** Forms of base data and the fields of theirs that can be asked for, as spelled; a field that a form lacks is refused. */
const common = ['FNumber', 'FName', 'FDocumentStatus', 'FForbidStatus'];
const allocated = [...common, 'FCreateOrgId.FNumber', 'FUseOrgId.FNumber'];
const forms: Readonly<Record<string, { fields: readonly string[]; of: (books: Books) => Iterable<Datum> }>> = {
  BD_MATERIAL: {
    fields: [...allocated, 'FStoreUnitID.FNumber', 'FBaseUnitId.FNumber', 'FIsBatchManage'],
    of: (books) => books.data.material.values(),
  },
  BD_Customer: { fields: allocated, of: (books) => books.data.customer.values() },
  BD_STOCK: { fields: allocated, of: (books) => books.data.warehouse.values() },
  BD_Supplier: { fields: allocated, of: (books) => books.data.supplier.values() },
  BD_Department: { fields: allocated, of: (books) => books.data.department.values() },
  BD_Saler: { fields: ['FNumber', 'FName', 'FDocumentStatus'], of: () => [] },
  BD_UNIT: { fields: common, of: (books) => books.data.unit.values() },
  ORG_Organizations: { fields: common, of: (books) => books.data.organization.values() },
};

/** The rows of a form of base data, one an organisation that may use it; null where it is no such form. */
export function baseRows(form: string, books: Books): Row[] | null {
  const data = forms[form]?.of(books);
  return data ? [...data].flatMap(rowsOf) : null;
}

/** The first of these fields that a form of base data does not have. */
export function strangeField(form: string, fields: readonly string[]): string | undefined {
  const known = forms[form]?.fields.map((field) => field.toLowerCase());
  return known && fields.find((field) => !known.includes(field.toLowerCase()));
}

const rowsOf = ({ code, name, organizations, status = 'C', forbidden = false, lots = false }: Datum): Row[] =>
  (organizations.length > 0 ? organizations : ['']).map((org) => ({
    fnumber: code,
    fname: name,
    fdocumentstatus: status,
    fforbidstatus: forbidden ? 'B' : 'A',
    'fcreateorgid.fnumber': organizations[0] ?? '',
    'fuseorgid.fnumber': org,
    'fstoreunitid.fnumber': 'Pcs',
    'fbaseunitid.fnumber': 'Pcs',
    fisbatchmanage: lots,
  }));
