import { Decimal } from '../../decimal.ts';
import { opening } from '../shop.ts';
import { type Bill, codeOf } from './bill.ts';
import { entriesOf, type Form } from './forms/form.ts';

export interface Place {
  material: string;
  stock: string;
  status: string;
}

/** 可用 */
export const good = 'KCZT01_SYS';
/** 即时库存: what stands where, by material, stock and stock status. Audited bills move it. */
export class Stock {
  readonly #left = new Map<string, Decimal>();
  /** Places that hold no more than was counted in. */
  readonly #limited = new Set<string>();

  /** Counts goods in. */
  count(material: string, quantity: number, stocks: Iterable<string>): void {
    for (const stock of stocks) {
      const key = keyOf({ material, stock, status: good });
      this.#limited.add(key);
      this.#left.set(key, new Decimal(quantity));
    }
  }

  left(place: Place): Decimal {
    return this.#left.get(keyOf(place)) ?? new Decimal(this.#isEndless(place) ? opening : 0);
  }

  #isEndless(place: Place): boolean {
    return place.status === good && !this.#limited.has(keyOf(place));
  }

  /** What an audit of a bill does (1), or what taking it back does (-1). */
  move(form: Form, bill: Bill, sign: 1 | -1): void {
    for (const { place, quantity } of movesOf(form, bill))
      this.#left.set(keyOf(place), this.left(place).plus(quantity.times(sign)));
  }

  /** Whether an audit would take a stock below zero. */
  isShort(form: Form, bill: Bill): boolean {
    return movesOf(form, bill).some(
      ({ place, quantity }) => quantity.lt(0) && !this.#isEndless(place) && this.left(place).plus(quantity).lt(0),
    );
  }
}

const keyOf = ({ material, stock, status }: Place): string => `${material}\n${stock}\n${status}`;

/** What a bill does to each place, summed over its entries. */
function movesOf(form: Form, { model }: Bill): { place: Place; quantity: Decimal }[] {
  const turned = form.reversed && model[form.reversed.field] === form.reversed.value ? -1 : 1;
  const moves = new Map<string, { place: Place; quantity: Decimal }>();
  for (const entry of entriesOf(form, model))
    for (const { sign, stock, status } of form.moves) {
      const place = {
        material: codeOf(entry[form.entry.material]) ?? '',
        stock: codeOf(entry[stock]) ?? '',
        status: codeOf(entry[status]) ?? good,
      };
      const before = moves.get(keyOf(place))?.quantity ?? new Decimal(0);
      const quantity = new Decimal(String(entry[form.entry.quantity])).times(sign * turned);
      moves.set(keyOf(place), { place, quantity: before.plus(quantity) });
    }
  return [...moves.values()];
}
