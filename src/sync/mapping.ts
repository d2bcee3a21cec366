import { createHash } from 'node:crypto';
import { Decimal, toDecimal } from '../decimal.ts';
import { AppError } from '../errors.ts';
import { fromWall, toDay } from '../shanghai.ts';
import type { Catalogue, SourceLine, SourceOrder, TargetBill } from './connector.ts';
import { type Expression, expressionCompiler } from './expression.ts';
import type { ValueMaps } from './maps.ts';
import { priceOf, splitForPrice, toCents } from './money.ts';
import { type MappingNode, type Pipeline, pipelineError, type Rule } from './pipeline.ts';

export interface Mapped {
  bill: TargetBill;
  /** Σ line amounts, what the bill's lines add up to. */
  amount: Decimal;
  customer: string | null;
  warnings: string[];
}

/** One target field with its rule, as the explanation reads it. */
export interface CompiledRule {
  path: string;
  rule: Rule;
  /** Names in `from` and `or` are the line's. */
  inLine: boolean;
  fileLine: number;
  value(scope: Scope): unknown;
}

export interface CompiledMapping {
  /** Changes with the mapping part and with the maps. */
  version: string;
  rules: readonly CompiledRule[];
  apply(order: SourceOrder): Mapped;
  precondition(order: SourceOrder): boolean;
  billNumber(key: string): string;
  /** The bill lines an order's lines become: amounts in cents, split where a price needs it. */
  lines(order: SourceOrder): BillLine[];
}

/** What a rule sees: header and line with numbers as Decimals, absent fields null. */
export interface Scope {
  order: Record<string, unknown>;
  line?: Record<string, unknown>;
}

/** A source line ready for billing: canonical `amount`, `qty`, `price` (tax included) and `free` (a gift without an amount). */
export type BillLine = Record<string, unknown> & { amount: Decimal; qty: Decimal; price: Decimal };

const isRule = (node: MappingNode): node is Rule => !('fields' in node);

/** Compiles a pipeline's mapping once. Codes of what is wrong in the file: `pipeline.unknown_field`, `.expression`, `.unknown_map`, `.rule_source`. */
export function compileMapping(
  pipeline: Pipeline,
  source: Catalogue,
  target: Catalogue,
  maps: ValueMaps,
): CompiledMapping {
  const compiler = new Compiler(pipeline, source, target, maps);
  const precondition = compiler.expression(pipeline.precondition, 'order', ['precondition']);
  const header: CompiledRule[] = [];
  const groups = new Map<string, CompiledRule[]>();
  const entries = new Map<string, CompiledRule[]>();
  for (const [name, node] of Object.entries(pipeline.mapping)) {
    const path = compiler.targetPath(name, ['mapping', name]);
    if (isRule(node)) header.push(compiler.rule(path, node, false, ['mapping', name]));
    else {
      const inLine = 'each' in node;
      const fields = Object.entries(node.fields).map(([field, rule]) =>
        compiler.rule(compiler.targetPath(`${name}.${field}`, ['mapping', name, 'fields', field]), rule, inLine, [
          'mapping',
          name,
          'fields',
          field,
        ]),
      );
      (inLine ? entries : groups).set(path, fields);
    }
  }
  compiler.checkLeftOut();
  const billNumber = (key: string): string => `${pipeline.bill_number.prefix}${key}`;
  const lines = (order: SourceOrder): BillLine[] => billLines(order, pipeline);
  return {
    get version() {
      return compiler.version();
    },
    rules: [...header, ...[...groups.values()].flat(), ...[...entries.values()].flat()],
    billNumber,
    lines,
    precondition: (order) => precondition({ order: compiler.scopeOf(order.raw, '') }) === true,
    apply(order) {
      const billed = lines(order);
      const scope: Scope = { order: compiler.scopeOf(order.raw, '') };
      const model: Record<string, unknown> = {};
      for (const rule of header) set(model, rule.path, rule.value(scope));
      for (const [path, rules] of groups) set(model, path, fill(rules, path, scope));
      for (const [path, rules] of entries) {
        model[path] = billed.map((line) =>
          fill(rules, path, { ...scope, line: { ...compiler.scopeOf(line, 'items.'), ...line } }),
        );
      }
      return {
        bill: { number: billNumber(order.key), model },
        amount: billed.reduce((sum, line) => sum.plus(line.amount), new Decimal(0)),
        customer: baseCode(model.FCustomerID),
        warnings: warningsOf(order),
      };
    },
  };
}

function fill(rules: readonly CompiledRule[], path: string, scope: Scope): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const rule of rules) set(object, rule.path.slice(path.length + 1), rule.value(scope));
  return object;
}

function set(object: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) object[name] = value;
}

function baseCode(value: unknown): string | null {
  return value !== null && typeof value === 'object' && 'FNumber' in value ? String(value.FNumber) : null;
}

class Compiler {
  readonly #pipeline: Pipeline;
  readonly #source: Catalogue;
  readonly #target: Catalogue;
  readonly #maps: ValueMaps;
  readonly #compile: ReturnType<typeof expressionCompiler>;
  readonly #header: readonly { name: string; path: string; number: boolean }[];
  readonly #line: readonly { name: string; path: string; number: boolean }[];

  constructor(pipeline: Pipeline, source: Catalogue, target: Catalogue, maps: ValueMaps) {
    this.#pipeline = pipeline;
    this.#source = source;
    this.#target = target;
    this.#maps = maps;
    const spelled = source.fields
      .filter((field) => field.kind === 'model')
      .flatMap((field) =>
        [field.path, ...field.aliases].map((name) => ({ name, path: field.path, number: field.type === 'number' })),
      );
    this.#header = spelled.filter(({ name }) => !name.includes('.'));
    this.#line = spelled
      .filter(({ name, path }) => name.startsWith('items.') && path.startsWith('items.'))
      .map(({ name, path, number }) => ({ name: name.slice(6), path: path.slice(6), number }));
    this.#compile = expressionCompiler(
      [...this.#header.map(({ name }) => name), ...this.#line.map(({ name }) => `items.${name}`)],
      pipeline.tax_rate,
    );
  }

  /** All spellings of all fields, numbers as Decimals, absent ones null: what expressions and `from` read. */
  scopeOf(row: Record<string, unknown>, prefix: '' | 'items.'): Record<string, unknown> {
    const scope: Record<string, unknown> = {};
    for (const { name, path, number } of prefix === '' ? this.#header : this.#line) {
      const value = row[path] ?? null;
      scope[name] = number ? toDecimal(value) : value;
    }
    return scope;
  }

  targetPath(name: string, path: readonly string[]): string {
    const field = this.#target.find(name);
    if (!field) throw this.#unknownField(this.#target, name, path);
    return field.path;
  }

  expression(text: string, scope: 'order' | 'line', path: readonly string[]): Expression {
    try {
      return this.#compile(text, scope);
    } catch (error) {
      const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
      throw pipelineError(this.#pipeline, 'pipeline.expression', path, { reason });
    }
  }

  rule(path: string, rule: Rule, inLine: boolean, place: readonly string[]): CompiledRule {
    const names = [...(rule.from ? [rule.from] : []), ...(rule.or ?? [])];
    const readers = names.map((name) => this.#reader(name, inLine, [...place, 'from']));
    if (rule.map && !this.#maps.has(rule.map)) {
      throw pipelineError(this.#pipeline, 'pipeline.unknown_map', [...place, 'map'], {
        map: rule.map,
        allowed: this.#maps.names().join('、'),
      });
    }
    const expression =
      rule.expr === undefined ? undefined : this.expression(rule.expr, inLine ? 'line' : 'order', [...place, 'expr']);
    const sources = [names.length > 0, rule.const !== undefined, expression, rule.bill_number, rule.discount].filter(
      Boolean,
    ).length;
    if (sources !== 1)
      throw pipelineError(this.#pipeline, 'pipeline.rule_source', place, { field: place.at(-1) ?? '' });
    const start = (scope: Scope): unknown => {
      if (rule.const !== undefined) return rule.const;
      if (rule.bill_number) return `${this.#pipeline.bill_number.prefix}${String(scope.order.io_id)}`;
      if (rule.discount)
        return this.#pipeline.discount === 'free_amount' ? (scope.order.free_amount ?? new Decimal(0)) : new Decimal(0);
      if (expression) return evaluate(expression, scope, path);
      return (
        readers.map((read) => read(scope)).find((value) => value !== null && value !== undefined && value !== '') ??
        null
      );
    };
    return {
      path,
      rule,
      inLine,
      fileLine: this.#pipeline.line(place),
      value: (scope) => this.#finish(start(scope), rule, path),
    };
  }

  /** Map, default, format and wrapping, in the order a reader of the file expects. */
  #finish(start: unknown, rule: Rule, path: string): unknown {
    let value = start;
    if (rule.map && value !== null) {
      const key = String(value);
      value = this.#maps.get(rule.map, key) ?? (rule.default === 'same' ? key : (rule.default ?? null));
      if (value === null && !rule.optional) {
        throw new AppError('mapping.no_map_entry', 'data', {
          category: 'value_map_missing',
          params: { map: rule.map, key },
          subjects: [key],
        });
      }
    }
    if (value === null && rule.default !== undefined && rule.default !== 'same') value = rule.default;
    if (value === null || value === '') {
      if (rule.optional) return undefined;
      throw new AppError('mapping.empty', 'data', {
        category: 'source_data',
        params: { field: this.#target.find(path)?.label ?? path },
        subjects: [path],
      });
    }
    if (rule.format === 'date') {
      const instant = fromWall(String(value));
      if (!instant)
        throw new AppError('mapping.bad_date', 'data', {
          category: 'source_data',
          params: { field: this.#target.find(path)?.label ?? path },
          subjects: [path],
        });
      value = toDay(instant);
    }
    if (rule.round !== undefined || rule.as === 'number') {
      const number = toDecimal(value);
      if (!number)
        throw new AppError('mapping.not_a_number', 'data', {
          category: 'mapping',
          params: { field: path },
          subjects: [path],
        });
      value = rule.round === undefined ? number : number.toDecimalPlaces(rule.round);
    }
    if (rule.as === 'base') return { FNumber: String(value) };
    if (rule.as === 'bool') return value === true || value === 'true' || value === '1';
    if (rule.as === 'text') return value instanceof Decimal ? value.toFixed() : String(value);
    return typeof value === 'number' ? new Decimal(value) : value;
  }

  #reader(name: string, inLine: boolean, place: readonly string[]): (scope: Scope) => unknown {
    const header = !inLine || name.startsWith('order.');
    const bare = name.replace(/^(order|line)\./, '');
    const field = this.#source.find(header ? bare : `items.${bare}`);
    if (!field) throw this.#unknownField(this.#source, bare, place);
    const key = header ? field.path : field.path.slice('items.'.length);
    return (scope) => (header ? scope.order : scope.line)?.[key] ?? null;
  }

  /** Fields that are stated as left out have to exist, too. */
  checkLeftOut(): void {
    for (const side of ['source', 'target'] as const) {
      const catalogue = side === 'source' ? this.#source : this.#target;
      for (const name of Object.keys(this.#pipeline.left_out[side])) {
        if (!catalogue.find(name)) throw this.#unknownField(catalogue, name, ['left_out', side, name]);
      }
    }
  }

  #unknownField(catalogue: Catalogue, name: string, path: readonly string[]): AppError {
    const letters = new Set(name.toLowerCase());
    const near = catalogue.fields
      .map((field) => ({
        path: field.path,
        common:
          [...new Set(field.path.toLowerCase())].filter((letter) => letters.has(letter)).length -
          Math.abs(field.path.length - name.length),
      }))
      .sort((a, b) => b.common - a.common)
      .slice(0, 5)
      .map((field) => field.path);
    return pipelineError(this.#pipeline, 'pipeline.unknown_field', path, {
      system: catalogue.system,
      field: name,
      allowed: near.join('、'),
    });
  }

  version(): string {
    const { mapping, bill_number, discount, freight_material, price_scale, tax_rate } = this.#pipeline;
    const maps = this.#maps.names().map((name) => [name, [...this.#maps.entries(name)]]);
    const text = JSON.stringify({ mapping, bill_number, discount, freight_material, price_scale, tax_rate, maps });
    return createHash('sha256').update(text).digest('hex').slice(0, 8);
  }
}

function evaluate(expression: Expression, scope: Scope, path: string): unknown {
  try {
    return expression(scope);
  } catch (cause) {
    throw new AppError('mapping.expression', 'data', {
      category: 'mapping',
      params: { field: path },
      subjects: [path],
      cause,
    });
  }
}

/** Checks an order's lines and prices them. Codes, all of category source_data: `mapping.no_items`, `.bad_qty`, `.no_sku`, `.bad_amount`. */
function billLines(order: SourceOrder, pipeline: Pipeline): BillLine[] {
  const refuse = (code: string, line?: SourceLine): AppError => {
    const sku = String(line?.sku_id ?? '');
    return new AppError(`mapping.${code}`, 'data', {
      category: 'source_data',
      params: { sku: sku || '—' },
      subjects: sku ? [sku] : [],
    });
  };
  if (order.raw.items.length === 0) throw refuse('no_items');
  const lines = order.raw.items.map((line): SourceLine & { qty: Decimal; amount: Decimal } => {
    const qty = toDecimal(line.qty);
    if (!line.sku_id) throw refuse('no_sku', line);
    if (!qty || qty.lte(0)) throw refuse('bad_qty', line);
    const price = toDecimal(line.price);
    const amount = toDecimal(line.amount) ?? (price ? price.times(qty) : line.is_gift === true ? new Decimal(0) : null);
    if (!amount || amount.isNegative()) throw refuse('bad_amount', line);
    return { ...line, qty, amount };
  });
  const freight = toDecimal(order.raw.freight);
  if (pipeline.freight_material && freight?.gt(0)) {
    lines.push({ sku_id: pipeline.freight_material, qty: new Decimal(1), amount: freight, is_gift: false });
  }
  const cents = toCents(lines.map((line) => line.amount));
  return lines.flatMap((line, index) =>
    splitForPrice({ amount: cents[index] ?? line.amount, qty: line.qty }, pipeline.price_scale).map((part) => ({
      ...line,
      ...part,
      price: priceOf(part, pipeline.price_scale),
      is_gift: line.is_gift === true && part.amount.isZero(),
    })),
  );
}

/** What is billed but looks odd: gifts with an amount, amounts finer than a cent. */
function warningsOf(order: SourceOrder): string[] {
  return order.raw.items.flatMap((line) => {
    const amount = toDecimal(line.amount);
    return [
      ...(line.is_gift === true && amount?.gt(0) ? ['gift_with_amount'] : []),
      ...(amount && amount.decimalPlaces() > 2 ? ['finer_than_a_cent'] : []),
    ];
  });
}
