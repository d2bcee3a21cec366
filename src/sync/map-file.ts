import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { AppError } from '../errors.ts';
import { phrase } from '../phrases.ts';
import { withoutUnseen } from '../unseen.ts';

export interface MapFile {
  entries: ReadonlyMap<string, string>;
  /** What whoever made the file may not know, a sentence each. */
  remarks: string[];
}

interface Row {
  /** Where it begins, from 1. */
  line: number;
  cells: string[];
}

const remarksAFile = 5;

/**
 * Reads a value map's file: header with `source` and `target`, blank rows passed over. Characters nobody sees and blanks around
 * a cell are taken away; a code that a spreadsheet has probably rewritten stands as it is. Both are told of.
 * Codes: `pipeline.map_encoding`, `map_quote`, `map_columns`, `map_duplicate`, `map_row`.
 */
export function readMapFile(path: string, file: string): MapFile {
  const fail = (code: string, params: Record<string, string | number> = {}): AppError =>
    new AppError(`pipeline.${code}`, 'config', { params: { file, ...params } });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    throw fail('map_encoding');
  }
  const rows = rowsOf(text, (line) => fail('map_quote', { line }));
  const [header, ...body] = rows.filter(({ cells }) => cells.some((cell) => seen(cell)));
  const columns = header?.cells.map(seen) ?? [];
  const missing = ['source', 'target'].filter((name) => !columns.includes(name));
  if (missing.length > 0) throw fail('map_columns', { line: header?.line ?? 1, missing: missing.join('、') });

  const entries = new Map<string, string>();
  const cleaned: number[] = [];
  const odd: string[] = [];
  for (const { line, cells } of body) {
    const read = (column: string): string => {
      const cell = cells[columns.indexOf(column)] ?? '';
      const code = seen(cell);
      if (code !== cell) cleaned.push(line);
      const why = oddity(code);
      if (why) odd.push(phrase('maps.odd', { file, line, column, read: code, why }));
      return code;
    };
    const source = read('source');
    const target = read('target');
    if (!source || !target) throw fail('map_row', { line });
    if (entries.has(source)) throw fail('map_duplicate', { line, source });
    entries.set(source, target);
  }
  const lines = [...new Set(cleaned)];
  const listed = lines.slice(0, remarksAFile).join('、');
  return {
    entries,
    remarks: [
      ...(lines.length > 0 ? [phrase('maps.cleaned', { file, lines: listed, count: lines.length })] : []),
      ...odd.slice(0, remarksAFile),
      ...(odd.length > remarksAFile ? [phrase('maps.more', { file, count: odd.length - remarksAFile })] : []),
    ],
  };
}

/** What a person sees of a cell. */
const seen = (cell: string): string => withoutUnseen(cell).trim();

/** The rows with the lines they begin at; blanks around a cell are kept, unless they stand around quotes. */
function rowsOf(text: string, badQuote: (line: number) => AppError, trim = false): Row[] {
  const rows: Row[] = [];
  let line = 1;
  const take = (cells: string[], { lines }: { lines: number }): null => {
    rows.push({ line, cells });
    line = lines + 1;
    return null;
  };
  try {
    parse(text, {
      trim,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      on_record: take,
    });
  } catch {
    if (!trim) return rowsOf(text, badQuote, true);
    throw badQuote(line);
  }
  // A quote that closes rows later has taken those rows for its text.
  const swallowing = rows.find(({ cells }) => cells.some((cell) => /[\r\n]/.test(cell) && cell.includes(',')));
  if (swallowing) throw badQuote(swallowing.line);
  return rows;
}

const written = (code: string): string =>
  code
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/^="(.*)"$/, '$1')
    .replace(/^['‘’]/, '');

/** Why a code looks like another one that a spreadsheet has rewritten, with what is likely meant; null where it does not. */
function oddity(code: string): string | null {
  const plain = written(code);
  const [, whole, decimals = '', exponent] = /^(\d)(?:\.(\d+))?E\+(\d{2,})$/i.exec(plain) ?? [];
  // With fewer digits than the exponent asks for, the rest was rounded away.
  if (whole && decimals.length < Number(exponent)) return phrase('maps.why.rounded');
  if (whole) return phrase('maps.why.rewritten', { meant: whole + decimals.slice(0, Number(exponent)) });
  const meant = plain
    .replace(/^(\d+)\.0+$/, '$1')
    .replace(/^\d{1,3}(?:,\d{3})+$/, (number) => number.replaceAll(',', ''));
  return meant === code ? null : phrase('maps.why.rewritten', { meant });
}
