import { createHash } from 'node:crypto';
import { Decimal } from '../decimal.ts';
import { type BillLine, billLines, warningsOf } from './bill-lines.ts';
import type { Catalogue, Field, SourceOrder, TargetBill } from './connector.ts';
import type { ValueMaps } from './maps.ts';
import type { MappingNode, Pipeline, Rule } from './pipeline.ts';
import { fieldsRead, isOfLine, refuseFaults, refuseUnreadable } from './readable.ts';
import { type CompiledRule, RuleCompiler, type Scope } from './rule.ts';

export interface Mapped {
  bill: TargetBill;
  /** Σ line amounts, what the bill's lines add up to. */
  amount: Decimal;
  customer: string | null;
  warnings: string[];
}

export interface CompiledMapping {
  /** Changes with the mapping part and with the maps. */
  version: string;
  rules: readonly CompiledRule[];
  /** `day` (`YYYY-MM-DD`) takes the place of the bill's date where somebody chose another one. */
  apply(order: SourceOrder, day?: string | null): Mapped;
  precondition(order: SourceOrder): boolean;
  billNumber(key: string): string;
  /** The bill lines an order's lines become: amounts in cents, split where a price needs it. */
  lines(order: SourceOrder): BillLine[];
}

/** The target field that says on which day a bill is booked. */
export const dateField = 'FDate';

const isRule = (node: MappingNode): node is Rule => !('fields' in node);

/** Compiles a pipeline's mapping once. Codes of what is wrong in the file: `pipeline.unknown_field`, `.expression`, `.unknown_map`, `.rule_source`. */
export function compileMapping(
  pipeline: Pipeline,
  source: Catalogue,
  target: Catalogue,
  maps: ValueMaps,
): CompiledMapping {
  const compiler = new RuleCompiler(pipeline, source, target, maps);
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
  const read = new Set<Field>([
    ...rules.flatMap(({ rule, inLine }) => fieldsRead(rule, inLine, source)),
    ...pricedBy(pipeline).flatMap((path) => source.find(path) ?? []),
  ]);
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
    billNumber,
    lines,
    precondition(order) {
      refuseFaults(
        (order.faults ?? []).filter(({ field }) => !isOfLine(field)),
        source,
      );
      refuseUnreadable(order, decisive, source);
      return precondition({ order: compiler.scopeOf(order.raw, '') }) === true;
    },
    apply(order, day = null) {
      const billed = lines(order);
      const scope: Scope = { order: compiler.scopeOf(order.raw, '') };
      const model: Record<string, unknown> = {};
      for (const rule of header) set(model, rule.path, rule.value(scope));
      if (day !== null) model[dateField] = day;
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

/** What a bill's lines are made of, whatever the rules read. */
function pricedBy({ freight_material, discount }: Pipeline): string[] {
  return [
    'items.sku_id',
    'items.qty',
    'items.amount',
    ...(freight_material ? ['freight'] : []),
    ...(discount === 'free_amount' ? ['free_amount'] : []),
  ];
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

/** A short hash of all that decides what a bill looks like. */
function versionOf(pipeline: Pipeline, valueMaps: ValueMaps): string {
  const { mapping, bill_number, discount, freight_material, price_scale, tax_rate } = pipeline;
  const maps = valueMaps.names().map((name) => [name, [...valueMaps.entries(name)]]);
  const text = JSON.stringify({ mapping, bill_number, discount, freight_material, price_scale, tax_rate, maps });
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
