export interface Bill {
  id: number;
  form: string;
  number: string;
  status: 'A' | 'B' | 'C' | 'D';
  /** 作废 */
  cancelled?: true;
  model: Record<string, unknown>;
}

/** The bills of one form, by number and by day. */
export class Bills {
  readonly #byNumber = new Map<string, Bill>();
  readonly #byDay = new Map<string, Set<string>>();

  get(number: string): Bill | undefined {
    return this.#byNumber.get(number);
  }

  all(): Bill[] {
    return [...this.#byNumber.values()];
  }

  /** Those of the days from `first` to `last` (`YYYY-MM-DD`), in the order of their ids. */
  between(first: string, last: string): Bill[] {
    const numbers = [...this.#byDay].flatMap(([day, some]) => (day >= first && day <= last ? [...some] : []));
    return numbers.flatMap((number) => this.#byNumber.get(number) ?? []).sort((a, b) => a.id - b.id);
  }

  put(bill: Bill): void {
    this.#leaveDay(bill.number);
    const day = this.#byDay.get(dayOf(bill)) ?? new Set();
    this.#byDay.set(dayOf(bill), day.add(bill.number));
    this.#byNumber.set(bill.number, bill);
  }

  delete(number: string): void {
    this.#leaveDay(number);
    this.#byNumber.delete(number);
  }

  #leaveDay(number: string): void {
    const bill = this.#byNumber.get(number);
    if (bill) this.#byDay.get(dayOf(bill))?.delete(number);
  }
}

const dayOf = ({ model }: Bill): string => String(model.FDate ?? '').slice(0, 10);

/** The code of a base-data value, in either spelling. */
export function codeOf(value: unknown): string | null {
  if (value === null || typeof value !== 'object') return null;
  const { FNumber, FNUMBER } = value as { FNumber?: unknown; FNUMBER?: unknown };
  const code = FNumber ?? FNUMBER;
  return code === undefined || code === null || code === '' ? null : String(code);
}
