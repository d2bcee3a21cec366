import { Decimal, toDecimal } from '../decimal.ts';
import { AppError } from '../errors.ts';
import type { Catalogue, Field } from './connector.ts';
import { type Expression, expressionCompiler } from './expression.ts';
import type { ValueMaps } from './maps.ts';
import { type Pipeline, pipelineError, type Rule } from './pipeline.ts';
import { ruleValue } from './rule-value.ts';

/** What a rule sees: header and line with numbers as Decimals, absent fields null. */
export interface Scope {
  key: string;
  order: Record<string, unknown>;
  line?: Record<string, unknown>;
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

/** One of the names a field goes by. */
interface Spelling extends Pick<Field, 'path' | 'type'> {
  name: string;
}

/** Compiles the rules of one pipeline against both catalogues: every name has to exist, every rule to have one source. */
export class RuleCompiler {
  readonly #pipeline: Pipeline;
  readonly #source: Catalogue;
  readonly #target: Catalogue;
  readonly #maps: ValueMaps;
  readonly #compile: ReturnType<typeof expressionCompiler>;
  readonly #header: readonly Spelling[];
  readonly #line: readonly Spelling[];

  constructor(pipeline: Pipeline, source: Catalogue, target: Catalogue, maps: ValueMaps) {
    this.#pipeline = pipeline;
    this.#source = source;
    this.#target = target;
    this.#maps = maps;
    const spelled = source.fields
      .filter((field) => field.kind === 'model')
      .flatMap((field) => [field.path, ...field.aliases].map((name) => ({ name, path: field.path, type: field.type })));
    this.#header = spelled.filter(({ name }) => !name.includes('.'));
    this.#line = spelled
      .filter(({ name, path }) => name.startsWith('items.') && path.startsWith('items.'))
      .map(({ name, path, type }) => ({ name: name.slice(6), path: path.slice(6), type }));
    this.#compile = expressionCompiler(
      [...this.#header.map(({ name }) => name), ...this.#line.map(({ name }) => `items.${name}`)],
      pipeline.tax_rate,
    );
  }

  /** All spellings of all fields, numbers as Decimals, absent ones null: what expressions and `from` read. */
  scopeOf(row: Record<string, unknown>, prefix: '' | 'items.'): Record<string, unknown> {
    const scope: Record<string, unknown> = {};
    for (const { name, path, type } of prefix === '' ? this.#header : this.#line) {
      const value = row[path] ?? null;
      scope[name] = type === 'number' ? toDecimal(value) : value;
    }
    return scope;
  }

  /** A header with absent texts as empty ones and absent flags as false: what a precondition may call functions on. */
  emptied(row: Record<string, unknown>): Record<string, unknown> {
    const scope = this.scopeOf(row, '');
    for (const { name, type } of this.#header) scope[name] ??= type === 'string' ? '' : type === 'bool' ? false : null;
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
    const { otherwise } = rule;
    for (const map of [rule.map, otherwise?.map]) {
      if (map === undefined || this.#maps.has(map)) continue;
      throw pipelineError(this.#pipeline, 'pipeline.unknown_map', [...place, 'map'], {
        map,
        allowed: this.#maps.names().join('、'),
      });
    }
    const read = otherwise && this.#reader(otherwise.from, inLine, [...place, 'otherwise']);
    const orElse = (scope: Scope): unknown => {
      const key = read?.(scope) ?? null;
      if (key === null) return undefined;
      return otherwise?.map ? this.#maps.get(otherwise.map, String(key)) : key;
    };
    const expression =
      rule.expr === undefined ? undefined : this.expression(rule.expr, inLine ? 'line' : 'order', [...place, 'expr']);
    const sources = [names.length > 0, rule.const !== undefined, expression, rule.bill_number, rule.discount].filter(
      Boolean,
    ).length;
    if (sources !== 1)
      throw pipelineError(this.#pipeline, 'pipeline.rule_source', place, { field: place.at(-1) ?? '' });
    const at = { file: this.#pipeline.file, line: this.#pipeline.line([...place, 'expr']) };
    const start = (scope: Scope): unknown => {
      if (rule.const !== undefined) return rule.const;
      if (rule.bill_number) return `${this.#pipeline.bill_number.prefix}${scope.key}`;
      if (rule.discount)
        return this.#pipeline.discount === 'free_amount' ? (scope.order.free_amount ?? new Decimal(0)) : new Decimal(0);
      if (expression) return evaluate(expression, scope, path, at);
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
      value: (scope) => ruleValue(start(scope), rule, path, this.#maps, this.#target, () => orElse(scope)),
    };
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
}

function evaluate(expression: Expression, scope: Scope, path: string, at: { file: string; line: number }): unknown {
  try {
    return expression(scope);
  } catch (cause) {
    throw new AppError('mapping.expression', 'data', {
      category: 'mapping',
      params: { ...at, field: path },
      subjects: [path],
      cause,
    });
  }
}
