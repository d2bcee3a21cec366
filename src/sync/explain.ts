import { Decimal } from '../decimal.ts';
import { excerpt } from '../format.ts';
import type { Field, SourceOrder } from './connector.ts';
import type { CompiledMapping } from './mapping.ts';
import type { Pipeline } from './pipeline.ts';
import type { CompiledRule } from './rule.ts';

/** How one target field comes about, with the values of one order when there is one. */
export interface Explanation {
  field: Field;
  rule: CompiledRule | null;
  /** Why a field has no rule. */
  leftOut: string | null;
  /** One text a bill (a header field) or a line (an entry field). */
  values: { sku: string | null; inputs: { name: string; value: string }[]; value: string }[];
  file: string;
  line: number;
  version: string;
}

interface ExplainParts {
  pipeline: Pipeline;
  mapping: CompiledMapping;
}

/** `day` is the one somebody chose for this order's bill. Explanations of a target field by name, spelling or Chinese label; of a source field, the target fields it goes to. */
export function explainField(
  parts: ExplainParts,
  name: string,
  order?: SourceOrder,
  day: string | null = null,
): Explanation[] {
  const { pipeline, mapping } = parts;
  const { source, layout } = mapping;
  const target = layout.catalogue;
  const wanted = name.trim();
  const bare = (path: string): string => path.split('.').at(-1) ?? path;
  const targets = target.fields.filter(
    (field) =>
      [field.path, ...field.aliases].some(
        (path) => path.toLowerCase() === wanted.toLowerCase() || bare(path).toLowerCase() === wanted.toLowerCase(),
      ) || field.label === wanted,
  );
  const from = targets.length > 0 ? undefined : (source.find(wanted) ?? source.find(`items.${wanted}`));
  const users = from ? parts.mapping.rules.filter((rule) => uses(rule, bare(from.path), from.aliases.map(bare))) : [];
  const fields = targets.length > 0 ? targets : users.flatMap((rule) => target.find(rule.path) ?? []);
  if (fields.length === 0 && from) {
    const why = pipeline.left_out.source[from.path];
    if (why)
      return [
        {
          field: from,
          rule: null,
          leftOut: why,
          values: [],
          file: pipeline.file,
          line: pipeline.line(['left_out', 'source', from.path]),
          version: parts.mapping.version,
        },
      ];
  }
  return fields.map((field) => explainOne(parts, field, order, day));
}

function uses({ rule }: CompiledRule, path: string, aliases: readonly string[]): boolean {
  const names = [path, ...aliases];
  const listed = [rule.from, ...(rule.or ?? [])].some(
    (from) => from !== undefined && names.includes(from.replace(/^order\./, '')),
  );
  return listed || names.some((name) => new RegExp(`\\b(?:order|line)\\.${name}\\b`).test(rule.expr ?? ''));
}

function explainOne(
  { pipeline, mapping }: ExplainParts,
  field: Field,
  order: SourceOrder | undefined,
  day: string | null,
): Explanation {
  const { catalogue: target, entry } = mapping.layout;
  const rule = mapping.rules.find((one) => target.find(one.path) === field) ?? null;
  const leftOut = Object.entries(pipeline.left_out.target).find(([path]) => target.find(path) === field)?.[1] ?? null;
  const values: Explanation['values'] = [];
  if (rule && order) {
    const inputs = inputsOf(rule);
    const lines = rule.inLine ? mapping.lines(order) : [undefined];
    const { model } = mapping.apply(order, day).bill;
    for (const [index, line] of lines.entries()) {
      const holder = rule.inLine ? (model[entry] as Record<string, unknown>[])[index] : model;
      const value = field.path
        .split('.')
        .slice(rule.inLine ? 1 : 0)
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], holder);
      values.push({
        sku: line ? String(line.sku_id) : null,
        inputs: inputs.map((name) => ({
          name,
          value: show(name.startsWith('order.') || !line ? order.raw[name.replace('order.', '')] : line[name]),
        })),
        value: show(value),
      });
    }
  }
  return {
    field,
    rule,
    leftOut,
    values,
    file: pipeline.file,
    line: rule?.fileLine ?? pipeline.line(['left_out', 'target', field.path]),
    version: mapping.version,
  };
}

/** The source names a rule reads; `order.` marks the header's in a line. */
function inputsOf({ rule }: CompiledRule): string[] {
  const named = [rule.from, ...(rule.or ?? [])].filter((name) => name !== undefined);
  const inExpression = [...(rule.expr ?? '').matchAll(/\b(order|line)\.(\w+)/g)].map(([, scope, name]) =>
    scope === 'order' ? `order.${name}` : (name ?? ''),
  );
  return [...new Set([...named, ...inExpression])];
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '—';
  if (value instanceof Decimal) return value.toFixed();
  const [code, ...others] = typeof value === 'object' ? Object.values(value) : [];
  if (typeof code === 'string' && others.length === 0) return code;
  return typeof value === 'object' ? excerpt(value) : String(value);
}
