const digits = '零一二三四五六七八九';
const values = new Map<number, number>([...digits].map((character, value) => [character.charCodeAt(0), value]));
values.set('〇'.charCodeAt(0), 0);
values.set('两'.charCodeAt(0), 2);
values.set('壹'.charCodeAt(0), 1);
values.set('俩'.charCodeAt(0), 2);
const [ten, hundred, twenty, thirty] = [...'十百廿卅'].map((character) => character.charCodeAt(0));

export const isNumeral = (code: number): boolean =>
  values.has(code) || code === ten || code === hundred || code === twenty || code === thirty;

interface Numeral {
  value: number;
  /** How many digits stand in a row, 「二〇二六」 4; 0 for a counted number, 「二十六」. */
  row: number;
}

/** The number of a run of Chinese numerals; null for one that is none (「十一二」) or too long. */
export function numeral(text: string, from: number, to: number): Numeral | null {
  if (to - from > 6) return null;
  let value = 0;
  let row = 0;
  let pending: number | null = null;
  let counted = false;
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    const digit = values.get(code);
    if (digit !== undefined) {
      if (counted) {
        // 「一百零八」, 「二十三」: after a ten, a single digit, with a zero before it if need be.
        if (pending !== null && pending !== 0) return null;
        pending = digit;
      } else {
        value = value * 10 + digit;
        row += 1;
      }
      continue;
    }
    const unit = code === ten ? 10 : code === hundred ? 100 : 0;
    if (unit > 0) {
      if (!counted) {
        if (row > 1) return null;
        value = (row === 1 ? value : 1) * unit;
        counted = true;
        row = 0;
      } else {
        if (unit === 100) return null;
        value += (pending ?? 1) * unit;
        pending = null;
      }
      continue;
    }
    if (counted || row > 0) return null;
    value = code === twenty ? 20 : 30;
    counted = true;
  }
  return { value: counted ? value + (pending ?? 0) : value, row: counted ? 0 : row };
}
