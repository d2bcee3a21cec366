import type { Row } from 'write-excel-file/node';
import { phrase } from '../phrases.ts';
import { toDay } from '../shanghai.ts';
import type { Window } from '../sync/window.ts';
import { count, head, printing, quantity, strong, text, yuan } from './cells.ts';

/** Rows of a sheet: a person reads no more, and the file is made in memory. */
export const mostRows = 50_000;

/** How a column's values are written: money to the cent, counts and quantities as numbers, everything else as text. */
const kinds = {
  amount: 'yuan',
  written_amount: 'yuan',
  quantity: 'quantity',
  count: 'count',
  written: 'count',
  failed: 'count',
} as const;
const widths: Readonly<Record<string, number>> = {
  order: 18,
  bill: 20,
  day: 20,
  at: 20,
  shop: 24,
  message: 44,
  next: 44,
  args: 44,
  about: 24,
};

type Value = string | number | null;

/** A whole list as a table. Columns are named as under `list.column`. */
export interface Sheet {
  /** With its extension. */
  name: string;
  columns: readonly string[];
  rows: readonly (readonly Value[])[];
  /** The last row, under a line of its own. */
  totals?: readonly Value[];
  /** How many there are, where they are more than the rows. */
  total: number;
  /** What the figures do not stand for. */
  notes?: readonly string[];
}

export async function sheetFile(sheet: Sheet): Promise<{ name: string; bytes: Buffer; rows: number }> {
  const { name, columns, rows, totals, total, notes = [] } = sheet;
  const cut = total > rows.length ? [phrase('list.cut', { rows: rows.length, total })] : [];
  const data: Row[] = [
    columns.map((column) => head(phrase(`list.column.${column}`), column in kinds)),
    ...rows.map((row) => row.map((value, index) => cellOf(columns[index] ?? '', value))),
    ...(totals ? [totals.map((value, index) => cellOf(columns[index] ?? '', value, strong))] : []),
    ...[...notes, ...cut].map((note): Row => [text(note)]),
  ];
  const sheets = [
    {
      sheet: name
        .replace(/\.xlsx$/, '')
        .replace(/[[\]:*?/\\]/g, ' ')
        .slice(0, 31),
      data,
      columns: columns.map((column) => ({ width: widths[column] ?? 14 })),
      orientation: 'landscape' as const,
      showGridLines: false,
      stickyRowsCount: 1,
    },
  ];
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const features = [printing(sheets)];
  const bytes = await writeXlsxFile(sheets, { features, fontFamily: 'Microsoft YaHei', fontSize: 10 }).toBuffer();
  return { name, bytes, rows: rows.length };
}

function cellOf(column: string, value: Value, more: object = {}): Row[number] {
  const kind = kinds[column as keyof typeof kinds];
  if (value === null || kind === undefined) return text(value === null ? '' : String(value), { wrap: true, ...more });
  if (kind === 'yuan') return yuan(String(value), more);
  return kind === 'count' ? count(Number(value), more) : { ...quantity(String(value)), ...more };
}

/** 「2026-11-20 至 2026-11-22」, as it can stand in a file's name. */
export function rangeName(window: Window | null): string {
  if (!window) return phrase('list.file.ever');
  const [from, to] = [toDay(window.start), toDay(window.end.getTime() - 1)];
  return from === to ? from : phrase('list.file.days', { from, to });
}
