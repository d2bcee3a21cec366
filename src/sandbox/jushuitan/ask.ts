import type { Wanted } from './documents.ts';
import { windowOf } from './gate.ts';
import type { Dated, Route, Stream } from './stream.ts';

export interface Ask<D extends Dated> extends Wanted {
  page: number;
  size: number;
  total: boolean;
  accepts: (document: D) => boolean;
}

/** A query with every rule of the documents checked, read from its parameters by name; a reason when one is broken. */
export function readAsk<D extends Dated>(
  stream: Stream<D>,
  route: Route,
  given: (name: string) => unknown,
): Ask<D> | string {
  const text = (name: string): string | undefined => {
    const value = given(name);
    return value === undefined || value === null ? undefined : String(value);
  };
  const page = Number(text('page_index') ?? 1);
  const size = Number(text('page_size') ?? 30);
  if (!Number.isInteger(page) || page < 1) return 'page_index';
  if (!Number.isInteger(size) || size < 1 || size > stream.pageSize) return `page_size is at most ${stream.pageSize}`;
  const [begin, end] =
    route === 'qimen' ? (['start_time', 'end_time'] as const) : (['modified_begin', 'modified_end'] as const);
  const window = windowOf(text(begin), text(end));
  if (typeof window === 'string') return window;
  const startTs = stream.followed && text(stream.followed);
  const numbers = new Map(
    Object.keys(stream.numbers).flatMap((name): [string, string[]][] => {
      const list = listOf(given(name));
      return list ? [[name, list]] : [];
    }),
  );
  if (!window && numbers.size === 0 && startTs === undefined) return 'a window, order numbers or start_ts is needed';
  if ([...numbers.values()].some((list) => list.length > stream.pageSize)) return `at most ${stream.pageSize} numbers`;
  const filters = Object.entries(stream.filters).flatMap(([name, { of, unless }]) => {
    const values = listOf(given(name)) ?? (unless === undefined ? null : [unless]);
    return values ? [{ of, values }] : [];
  });
  const archived = text('archive') === 'true';
  return {
    page,
    size,
    window,
    byIoDate: stream.byIoDate !== undefined && text('date_type') === stream.byIoDate,
    total: text('is_get_total') !== 'false' && startTs === undefined,
    startTs: startTs === undefined ? undefined : BigInt(startTs),
    numbers,
    accepts: (document) =>
      (!stream.archives || (document.status === 'Archive') === archived) &&
      filters.every(({ of, values }) => values.includes(of(document))),
  };
}

/** A list, a list as JSON, or values between commas; null where there is nothing. */
function listOf(value: unknown): string[] | null {
  if (value === undefined || value === null || value === '') return null;
  if (Array.isArray(value)) return value.map(String);
  const text = String(value);
  return text.startsWith('[') ? (JSON.parse(text) as unknown[]).map(String) : text.split(',');
}
