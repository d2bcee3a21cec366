import type { Blob } from 'node:buffer';
import type Stream from 'node:stream';
import type { Cell, Feature } from 'write-excel-file/node';
import { Decimal } from '../decimal.ts';
import { phrase } from '../phrases.ts';

const rule = { borderColor: '#B9C6D2', borderStyle: 'thin', alignVertical: 'center' } as const;
const yuanFormat = '¥#,##0.00;[Red]-¥#,##0.00';

/** Text as text: an order number must never turn into 2.6E+12. */
export const text = (value: string, more: object = {}): Cell => ({
  value,
  type: String,
  format: '@',
  ...rule,
  ...more,
});
export const count = (value: number, more: object = {}): Cell => ({
  value,
  type: Number,
  format: '#,##0;[Red]-#,##0',
  ...rule,
  ...more,
});
/** Money to the cent: the number written is the shortest that reads back as these two decimals. Null = nothing there. */
export const yuan = (value: Decimal | string | null, more: object = {}): Cell =>
  value === null
    ? text('', more)
    : { value: Number(new Decimal(value).toFixed(2)), type: Number, format: yuanFormat, ...rule, ...more };
export const quantity = (value: string | null, more: object = {}): Cell =>
  value === null ? text('', more) : { value: Number(value), type: Number, format: '#,##0.####', ...rule, ...more };

export const strong = { fontWeight: 'bold', backgroundColor: '#F3F6F9' } as const;
const amounts = /count|amount|quantity|gap/;

/** A column's head; over numbers it stands to the right. */
export const head = (label: string, right: boolean): Cell =>
  text(label, {
    fontWeight: 'bold',
    backgroundColor: '#DCE6EF',
    height: 22,
    wrap: true,
    align: right ? 'right' : 'left',
  });

/** A row of column heads. */
export const heads = (keys: readonly string[]): Cell[] =>
  keys.map((key) => head(phrase(`reconcile.sheet.${key}`), amounts.test(key)));

/** Printing: all columns on one page's width, the page's number below, and the heads of long sheets on every page. */
export function printing(
  sheets: readonly { sheet: string; stickyRowsCount?: number }[],
): Feature<Stream | Buffer | Blob> {
  const titles = sheets.flatMap(({ sheet, stickyRowsCount }, index) =>
    stickyRowsCount
      ? [
          `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${sheet}'!$1:$${stickyRowsCount}</definedName>`,
        ]
      : [],
  );
  const footer = `<headerFooter><oddFooter>&amp;C${phrase('reconcile.sheet.page').replaceAll('&', '&amp;')}</oddFooter></headerFooter>`;
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': {
          transform: (xml) =>
            xml
              .replace(/<worksheet[^>]*>/, '$&<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>')
              .replace(/<pageSetup([^>]*)\/>/, `<pageSetup$1 fitToWidth="1" fitToHeight="0"/>${footer}`),
        },
        'xl/workbook.xml': {
          transform: (xml) => xml.replace('<definedNames/>', `<definedNames>${titles.join('')}</definedNames>`),
        },
      },
    },
  };
}
