import { createHash } from 'node:crypto';
import { Decimal } from '../decimal.ts';
import { AppError } from '../errors.ts';
import { type BillLine, billLines, ownLines, warningsOf } from './bill-lines.ts';
import { withOwnFields } from './catalogue.ts';
import type { BillLayout, Catalogue, Field, SourceLine, SourceOrder, TargetBill } from './connector.ts';
import type { ValueMaps } from './maps.ts';
import { type MappingNode, type Pipeline, pipelineError, type Rule } from './pipeline.ts';
import { fieldsRead, isOfLine, refuseFaults, refuseUnreadable } from './readable.ts';
import { type CompiledRule, RuleCompiler, type Scope } from './rule.ts';

export interface Mapped {
  bill: TargetBill;
  /** Σ line amounts, what the bill's lines add up to. */
  amount: Decimal;
  /** The code of whom the bill is made out to. */
  party: string | null;
  warnings: string[];
}

export interface CompiledMapping {
  /** Changes with the mapping part and with the maps. */
  version: string;
  rules: readonly CompiledRule[];
  /** The header fields beside shop and warehouse that a map turns into something of the bill. */
  decidedBy: readonly string[];
  /** Both sides' fields, those that the file declares included. */
  source: Catalogue;
  layout: BillLayout;
  /** `day` (`YYYY-MM-DD`) takes the place of the bill's date where somebody chose another one. */
  apply(order: SourceOrder, day?: string | null): Mapped;
  precondition(order: SourceOrder): boolean;
  billNumber(key: string): string;
  /** The bill lines an order's lines become: amounts in cents, split where a price needs it. */
  lines(order: SourceOrder): BillLine[];
  /** The lines of an order that are this pipeline's, unchecked. */
  own(order: SourceOrder): SourceLine[];
}

const isRule = (node: MappingNode): node is Rule => !('fields' in node);

/** Compiles a pipeline's mapping once. Codes of what is wrong in the file: `pipeline.unknown_field`, `.expression`, `.unknown_map`, `.rule_source`, `.required`, `.unpriced_form`. */
export function compileMapping(
  pipeline: Pipeline,
  from: Catalogue,
  form: BillLayout,
  maps: ValueMaps,
): CompiledMapping {
  const source = withOwnFields(from, pipeline.source.fields);
  const layout = { ...form, catalogue: withOwnFields(form.catalogue, pipeline.target.fields) };
  if (layout.amount === null && pipeline.pricing !== 'none')
    throw pipelineError(pipeline, 'pipeline.unpriced_form', ['pricing'], { form: pipeline.target.form });
  const compiler = new RuleCompiler(pipeline, source, layout.catalogue, maps);
  const precondition = compiler.expression(pipeline.precondition, 'order', ['precondition']);
  const decisive = fieldsRead({ expr: pipeline.precondition }, false, source);
  const header: CompiledRule[] = [];
  const groups = new Map<string, CompiledRule[]>();
  const entries = new Map<string, CompiledRule[]>();
  for (const [name, node] of Object.entries(pipeline.mapping)) {
    const path = compiler.targetPath(name, ['mapping', name]);
    if (isRule(node)) header.push(compiler.rule(path, node, false, ['mapping', name]));
    else {
      const inLine = 'each' in node;
      const fields = Object.entries(node.fields).map(([field, rule]) => {
        const place = ['mapping', name, 'fields', field];
        return compiler.rule(compiler.targetPath(`${name}.${field}`, place), rule, inLine, place);
      });
      (inLine ? entries : groups).set(path, fields);
    }
  }
  compiler.checkLeftOut();
  const billNumber = (key: string): string => `${pipeline.bill_number.prefix}${key}`;
  const rules = [...header, ...[...groups.values()].flat(), ...[...entries.values()].flat()];
  refuseUnmapped(pipeline, layout, rules);
  const compared = rules.filter(({ path }) => pipeline.unless_same?.includes(path));
  const read = new Set<Field>([
    ...rules.flatMap(({ rule, inLine }) => fieldsRead(rule, inLine, source)),
    ...pricedBy(pipeline).flatMap((path) => source.find(path) ?? []),
  ]);
  const isSame = (order: SourceOrder): boolean => {
    const scope: Scope = { key: order.key, order: compiler.scopeOf(order.raw, ''), line: {} };
    try {
      const [one, other] = compared.map((rule) => JSON.stringify(rule.value(scope)));
      return one !== undefined && one === other;
    } catch {
      return false; // what has no value is said when it is booked
    }
  };
  const own = (order: SourceOrder): SourceLine[] => ownLines(order, pipeline);
  const lines = (order: SourceOrder): BillLine[] => {
    refuseFaults(order.faults ?? [], source);
    refuseUnreadable(order, read, source);
    return billLines(order, pipeline);
  };
  return {
    get version() {
      return versionOf(pipeline, maps);
    },
    rules,
    decidedBy: mappedFrom(rules, source),
    source,
    layout,
    billNumber,
    lines,
    own,
    precondition(order) {
      refuseFaults(
        (order.faults ?? []).filter(({ field }) => !isOfLine(field)),
        source,
      );
      refuseUnreadable(order, decisive, source);
      try {
        if (precondition({ order: compiler.emptied(order.raw) }) !== true) return false;
      } catch (cause) {
        throw new AppError('mapping.precondition', 'data', {
          category: 'mapping',
          params: {
            file: pipeline.file,
            line: pipeline.line(['precondition']),
            reason: String((cause as Error).message).split('\n')[0] ?? '',
          },
          cause,
        });
      }
      return !(pipeline.lines.sign && own(order).length === 0) && !isSame(order);
    },
    apply(order, day = null) {
      refuseWaiting(order);
      const billed = lines(order);
      const scope: Scope = { key: order.key, order: compiler.scopeOf(order.raw, '') };
      const model: Record<string, unknown> = {};
      for (const rule of header) set(model, rule.path, rule.value(scope));
      if (day !== null) model[layout.date] = day;
      for (const [path, rules] of groups) set(model, path, fill(rules, path, scope));
      for (const [path, rules] of entries) {
        model[path] = billed.map((line) =>
          fill(rules, path, { ...scope, line: { ...compiler.scopeOf(line, 'items.'), ...line } }),
        );
      }
      return {
        bill: { number: billNumber(order.key), model },
        amount: billed.reduce((sum, line) => sum.plus(line.amount), new Decimal(0)),
        party: layout.party === null ? null : baseCode(model[layout.party]),
        warnings: warningsOf(order),
      };
    },
  };
}

/** What a bill's lines are made of, whatever the rules read. */
function pricedBy({ freight_material, discount, pricing }: Pipeline): string[] {
  return [
    'items.sku_id',
    'items.qty',
    ...(pricing === 'tax-included-lines' ? ['items.amount'] : []),
    ...(pricing === 'cost-lines' ? ['items.cost_amount', 'items.cost_price'] : []),
    ...(freight_material ? ['freight'] : []),
    ...(discount === 'free_amount' ? ['free_amount'] : []),
  ];
}

function fill(rules: readonly CompiledRule[], path: string, scope: Scope): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const rule of rules) set(object, rule.path.slice(path.length + 1), rule.value(scope));
  return object;
}

/** Flex values (`FAuxPropId.FAUXPROPID__FF100001`) stand as nested objects. */
function set(object: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) return;
  const steps = name.split('.');
  const last = steps.pop() ?? name;
  let holder = object;
  for (const step of steps) {
    holder[step] ??= {};
    holder = holder[step] as Record<string, unknown>;
  }
  holder[last] = value;
}

function baseCode(value: unknown): string | null {
  return value !== null && typeof value === 'object' && 'FNumber' in value ? String(value.FNumber) : null;
}

/** Refuses an order of which only one half is there. Code: `sync.half_missing`. */
function refuseWaiting({ waitsFor }: SourceOrder): void {
  if (waitsFor === undefined) return;
  throw new AppError('sync.half_missing', 'data', {
    category: 'upstream_missing',
    params: { other: waitsFor || '—' },
    subjects: waitsFor ? [waitsFor] : [],
  });
}

/** Refuses a file that leaves out what the form demands, or what it compares itself. */
function refuseUnmapped(pipeline: Pipeline, { catalogue, required }: BillLayout, rules: readonly CompiledRule[]): void {
  const mapped = new Set(rules.map(({ path }) => path));
  const missing = [...required, ...(pipeline.unless_same ?? [])].filter((path) => !mapped.has(path));
  if (missing.length === 0) return;
  const fields = missing.map((path) => `${path}（${catalogue.find(path)?.label ?? path}）`).join('、');
  throw pipelineError(pipeline, 'pipeline.required', ['mapping'], { form: pipeline.target.form, fields });
}

/** The header fields beside shop and warehouse that a map turns into something of the bill: a supplier, where goods go. */
function mappedFrom(rules: readonly CompiledRule[], source: Catalogue): string[] {
  const names = rules.flatMap(({ rule: { from, map }, inLine }) =>
    from && map && (!inLine || from.startsWith('order.')) ? [from.replace('order.', '')] : [],
  );
  const paths = new Set(names.map((name) => source.find(name)?.path ?? name));
  return [...paths].filter((path) => path !== 'shop_id' && path !== 'wms_co_id');
}

/** A short hash of all that decides what a bill looks like. */
function versionOf(pipeline: Pipeline, valueMaps: ValueMaps): string {
  const { mapping, bill_number, pricing, discount, lines, freight_material, price_scale, tax_rate, target } = pipeline;
  const { fields } = target;
  const maps = valueMaps.names().map((name) => [name, [...valueMaps.entries(name)]]);
  const text = JSON.stringify({
    mapping,
    fields,
    bill_number,
    pricing,
    discount,
    lines,
    freight_material,
    price_scale,
    tax_rate,
    maps,
  });
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
