export type Row = Record<string, unknown>;

export interface Condition {
  /** In lower case, as the keys of rows are. */
  field: string;
  operator: string;
  values: string[];
  holds: (row: Row) => boolean;
}

/** A name, a text in quotes, a sign; what stands in quotes is never a word of the language. */
const token = /'(?:[^']|'')*'|[\w.]+|>=|<=|<>|[=<>(),]/g;

/**
 * The part of the filter language that is needed: `A in ('x','y') and (B='z' or C like 'p%')`; `or` binds less than `and`. Comes back as
 * choices: a row matches when all conditions of one hold. What is not understood holds for nothing.
 */
export function choicesOf(text: string): Condition[][] {
  const tokens = text.match(token) ?? [];
  if (tokens.length === 0) return [[]];
  try {
    const reader = new Reader(tokens);
    const choices = reader.any();
    return reader.atEnd ? choices : [];
  } catch {
    return [];
  }
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  any(): Condition[][] {
    const choices = this.#all();
    while (this.#takes('or')) choices.push(...this.#all());
    return choices;
  }

  #all(): Condition[][] {
    let choices = this.#one();
    while (this.#takes('and')) {
      const others = this.#one();
      choices = choices.flatMap((choice) => others.map((other) => [...choice, ...other]));
    }
    return choices;
  }

  #one(): Condition[][] {
    if (!this.#takes('(')) return [[this.#condition()]];
    const choices = this.any();
    this.#expect(')');
    return choices;
  }

  #condition(): Condition {
    const field = this.#next().toLowerCase();
    const operator = this.#next().toLowerCase();
    const test = tests[operator];
    if (!test || !/^[\w.]+$/.test(field)) throw new SyntaxError(operator);
    const values = operator === 'in' ? this.#list() : [this.#value()];
    return { field, operator, values, holds: (row) => test(String(row[field] ?? ''), values) };
  }

  #list(): string[] {
    this.#expect('(');
    const values = [this.#value()];
    while (this.#takes(',')) values.push(this.#value());
    this.#expect(')');
    return values;
  }

  #value(): string {
    const text = this.#next();
    if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
    if (!/^\d+(\.\d+)?$/.test(text)) throw new SyntaxError(text);
    return text;
  }

  #next(): string {
    const next = this.#tokens[this.#at++];
    if (next === undefined) throw new SyntaxError('end');
    return next;
  }

  #takes(word: string): boolean {
    const next = this.#tokens[this.#at]?.toLowerCase() === word;
    if (next) this.#at += 1;
    return next;
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw new SyntaxError(word);
  }
}

const tests: Readonly<Record<string, (own: string, values: readonly string[]) => boolean>> = {
  in: (own, values) => values.includes(own),
  like: (own, [pattern = '']) => like(pattern).test(own),
  '=': (own, [value]) => own === value,
  '<>': (own, [value]) => own !== value,
  '>=': (own, [value = '']) => own >= value,
  '<=': (own, [value = '']) => own <= value,
  '<': (own, [value = '']) => own < value,
  '>': (own, [value = '']) => own > value,
};

/** An SQL LIKE pattern: `%` any signs, `_` any one, `[x]` the sign itself; letter case does not matter. */
function like(pattern: string): RegExp {
  const signs = pattern.match(/\[.\]|./gs) ?? [];
  const source = signs.map((sign) =>
    sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/^\[(.)\]$/s, '$1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`, 'is');
}
