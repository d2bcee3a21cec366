import { Environment } from '@marcbachmann/cel-js';
import { Decimal } from '../decimal.ts';
import { phrase } from '../phrases.ts';

/** A compiled CEL expression over `order`, the pipeline's `tax_rate` (percent) and, inside an entry, `line`. Numbers are Decimals; a missing field is null. */
export type Expression = (values: { order: object; line?: object }) => unknown;

type Number_ = Decimal | bigint | number;
const decimal = (value: Number_): Decimal => new Decimal(String(value));

function divide(a: Number_, b: Number_): Decimal {
  const divisor = decimal(b);
  if (divisor.isZero()) throw new Error('division by zero');
  return decimal(a).div(divisor);
}

const operators: readonly [sign: string, apply: (a: Number_, b: Number_) => Decimal | boolean][] = [
  ['+', (a, b) => decimal(a).plus(decimal(b))],
  ['-', (a, b) => decimal(a).minus(decimal(b))],
  ['*', (a, b) => decimal(a).times(decimal(b))],
  ['/', divide],
  ['<', (a, b) => decimal(a).lt(decimal(b))],
  ['<=', (a, b) => decimal(a).lte(decimal(b))],
  ['>', (a, b) => decimal(a).gt(decimal(b))],
  ['>=', (a, b) => decimal(a).gte(decimal(b))],
  ['==', (a, b) => decimal(a).equals(decimal(b))],
];

function environment(): Environment {
  const env = new Environment({ enableOptionalTypes: false }).registerType('Decimal', { ctor: Decimal, fields: {} });
  const numbers = ['Decimal', 'int', 'double'];
  for (const left of numbers) {
    for (const right of numbers) {
      if (left !== 'Decimal' && right !== 'Decimal') continue;
      for (const [sign, apply] of operators) {
        if (sign === '==' && left !== 'Decimal') continue; // the library mirrors equality itself
        const result = '+-*/'.includes(sign) ? 'Decimal' : 'bool';
        env.registerOperator(`${left} ${sign} ${right}: ${result}`, apply);
      }
    }
  }
  env.registerFunction('round(Decimal, int): Decimal', (value: Decimal, places: bigint) =>
    value.toDecimalPlaces(Number(places)),
  );
  return env;
}

/**
 * Makes expressions that may name only these fields, so that a misspelt name fails when the pipeline is loaded.
 * A line's fields are those under `items.`.
 */
export function expressionCompiler(
  fields: readonly string[],
  taxRate: number,
): (text: string, scope: 'order' | 'line') => Expression {
  const shape = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, 'dyn']));
  const tax_rate = new Decimal(taxRate);
  const header = shape(fields.filter((field) => !field.includes('.')));
  const line = shape(fields.filter((field) => field.startsWith('items.')).map((field) => field.slice('items.'.length)));
  const order = environment()
    .registerType('Order', { fields: header })
    .registerVariable('order', 'Order')
    .registerVariable('tax_rate', 'Decimal');
  const both = order.clone().registerType('Line', { fields: line }).registerVariable('line', 'Line');
  return (text, scope) => {
    // The library's `in` compares a Decimal by identity: it would be false without a word.
    if (/\bin\s*\[\s*-?[\d.]/.test(text)) throw new Error(phrase('explain.in_numbers'));
    const env = scope === 'line' ? both : order;
    const parsed = env.parse(text);
    const checked = parsed.check();
    if (!checked.valid) throw checked.error;
    return (values) => parsed({ ...values, tax_rate });
  };
}
