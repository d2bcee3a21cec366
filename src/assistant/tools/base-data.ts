import { z } from 'zod';
import type { Block } from '../../channels/message.ts';
import { phrase } from '../../phrases.ts';
import type { BaseDataKind, FoundData, FoundDatum, Target } from '../../sync/connector.ts';
import { partsOf } from '../../sync/parts.ts';
import { choicesCard } from '../cards/cards.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

const shown = { card: 20, words: 5 };
const kinds: readonly BaseDataKind[] = ['customer', 'stock', 'material'];
/** What sentences call the kinds otherwise; a shop is a customer there. */
const called: Readonly<Record<string, BaseDataKind>> = { warehouse: 'stock', shop: 'customer' };

/** Base data of the target by code or a part of the name: customers, warehouses, materials and what else bills name. */
export const baseData = defineTool({
  name: 'base-data',
  least: 'viewer',
  parameters: z.strictObject({
    entity: z
      .enum(['customer', 'warehouse', 'shop', 'material', 'supplier', 'organization', 'unit', 'salesman', 'department'])
      .optional(),
    value: z.string().trim().max(60).optional(),
  }),
  answers: { base_data: (slots) => take(slots, 'entity', 'value') },
  async run({ entity, value: text = '' }, context) {
    const { sync } = context;
    const { target } = partsOf(sync.pipelines, sync.defaultPipeline);
    if (entity) return await ofKind((called[entity] ?? entity) as BaseDataKind, text, target, context);
    return text === '' ? whichKind() : await ofAnyKind(text, target, context);
  },
});

function whichKind(): ToolResult {
  const text = phrase('base-data.which');
  const choices = kinds.map((kind) => phrase(`base-data.say.${kind}`));
  return { action: 'clarify', reply: { text, card: choicesCard(text, choices) } };
}

async function ofKind(kind: BaseDataKind, text: string, target: Target, context: ToolContext): Promise<ToolResult> {
  const found = await target.search(kind, text, shown.card);
  const words = { kind: phrase(`base-data.kind.${kind}`), text };
  if (found.count === 0) return said(phrase(text === '' ? 'base-data.none_at_all' : 'base-data.none', words));
  return listed([{ kind, found }], text, context);
}

async function ofAnyKind(text: string, target: Target, context: ToolContext): Promise<ToolResult> {
  const found = await Promise.all(
    kinds.map(async (kind) => ({ kind, found: await target.search(kind, text, shown.card) })),
  );
  const some = found.filter((one) => one.found.count > 0);
  if (some.length === 0) return said(phrase('base-data.none', { kind: phrase('base-data.kinds'), text }));
  return listed(some, text, context);
}

interface Listed {
  kind: BaseDataKind;
  found: FoundData;
}

function listed(all: readonly Listed[], text: string, context: ToolContext): ToolResult {
  const needed = organizationsOf(context);
  const titles = all.map((one) => titleOf(one, text));
  const lines = all.map(({ found: { data, count } }, index) => {
    const some = data.slice(0, shown.words).map((datum) => lineOf(datum, needed));
    const left = count - some.length;
    return [titles[index], ...some, ...(left > 0 ? [phrase('base-data.more', { count: left })] : [])].join('\n');
  });
  const blocks = all.flatMap((one, index): Block[] => [
    ...(index > 0 ? [{ type: 'text' as const, text: titles[index] ?? '' }] : []),
    tableOf(one, needed),
  ]);
  const card = { id: 'base-data', title: titles[0] ?? '', tone: 'neutral' as const, blocks, buttons: [] };
  return { action: 'reply', reply: { text: lines.join('\n'), card } };
}

function titleOf({ kind, found: { count, atLeast } }: Listed, text: string): string {
  const many = phrase(atLeast ? 'base-data.at_least' : 'base-data.count', { count });
  return phrase(text === '' ? 'base-data.all' : 'base-data.found', {
    kind: phrase(`base-data.kind.${kind}`),
    text,
    count: many,
  });
}

function tableOf({ found: { data, count } }: Listed, needed: readonly string[]): Block {
  return {
    type: 'table',
    columns: ['code', 'name', 'state'].map((column) => phrase(`base-data.column.${column}`)),
    rows: data.map((datum) => [datum.code, datum.name, stateOf(datum, needed) || phrase('base-data.usable')]),
    ...(count > data.length ? { omitted: count - data.length } : {}),
  };
}

function lineOf(datum: FoundDatum, needed: readonly string[]): string {
  const state = stateOf(datum, needed);
  const { code, name } = datum;
  return phrase('base-data.line', { code, name, state: state && phrase('base-data.state', { state }) });
}

/** What keeps bills from taking it, and which organisations may; nothing where nothing is known. */
function stateOf({ disabled, unaudited, organizations }: FoundDatum, needed: readonly string[]): string {
  const without = organizations ? needed.filter((code) => !organizations.includes(code)) : [];
  return [
    ...(disabled ? [phrase('base-data.disabled')] : []),
    ...(unaudited ? [phrase('base-data.unaudited')] : []),
    ...(organizations ? [phrase('base-data.organizations', { codes: organizations.join('、') })] : []),
    ...(without.length > 0 ? [phrase('base-data.not_allocated', { codes: without.join('、') })] : []),
  ].join('，');
}

/** The organisations that bills are written in: those of the maps, and what the mapping takes where these have none. */
function organizationsOf({ sync, settings }: ToolContext): string[] {
  const rules = [...sync.pipelines.values()].flatMap(({ mapping }) => mapping.rules.map(({ rule }) => rule));
  const codes = rules.flatMap(({ map, default: otherwise }) =>
    map?.endsWith('_to_org') ? [...settings.maps.entries(map).values(), ...(otherwise ? [String(otherwise)] : [])] : [],
  );
  return [...new Set(codes)].sort();
}
