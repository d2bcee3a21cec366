import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import type { Slots } from '../language/understand.ts';
import { defineTool, said, take } from './tool.ts';

/** Which map answers for which kind of 聚水潭 code. */
const mapsOf = { customer: 'shop_to_customer', warehouse: 'warehouse_to_stock', material: 'sku_to_material' } as const;
const mapNames = [
  'shop_to_customer',
  'shop_to_org',
  'warehouse_to_stock',
  'warehouse_to_org',
  'sku_to_material',
] as const;
const shown = 30;

const mapOf = ({ entity }: Slots): (typeof mapNames)[number] =>
  entity === 'warehouse' || entity === 'material' ? mapsOf[entity] : mapsOf.customer;

/** What a shop, a warehouse or a SKU is in the target. */
export const masterData = defineTool({
  name: 'master-data',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({ map: z.enum(mapNames), source: z.string().optional() }),
  answers: { master_data: (slots) => ({ map: mapOf(slots), ...take(slots, 'source') }) },
  async run({ map, source }, { settings }) {
    const entries = settings.maps.entries(map);
    const label = phrase(`replies.map.${map}`);
    if (source) {
      const target = entries.get(source);
      if (target) return said(phrase('replies.map.one', { label, source, target }));
      return said(phrase(map === 'sku_to_material' ? 'replies.map.same' : 'replies.map.missing', { label, source }));
    }
    const rows = [...entries].slice(0, shown);
    const title = phrase('replies.map.title', { label, count: entries.size });
    if (rows.length === 0) return said(title);
    const columns = [phrase('tools.argument.source'), phrase('tools.argument.target')];
    const omitted = entries.size - rows.length;
    return {
      action: 'reply',
      reply: {
        text: title,
        card: {
          id: `map-${map}`,
          title,
          tone: 'neutral',
          blocks: [{ type: 'table', columns, rows, ...(omitted > 0 ? { omitted } : {}) }],
          buttons: [],
        },
      },
    };
  },
});

/** Sets one entry of a value map, after a yes; the file stays as it is and the change wins over it. */
export const setMasterData = defineTool({
  name: 'set-master-data',
  least: 'admin',
  writes: true,
  parameters: z.strictObject({
    map: z.enum(mapNames),
    source: z.string().min(1).max(60),
    target: z.string().min(1).max(60),
  }),
  answers: { set_master_data: (slots) => ({ map: mapOf(slots), ...take(slots, 'source', 'target') }) },
  async run(change, { settings, sync, message }) {
    const { map, source, target } = change;
    const kind =
      ({ shop_to_customer: 'customer', warehouse_to_stock: 'stock', sku_to_material: 'material' } as const)[
        map as 'shop_to_customer'
      ] ?? 'organization';
    const parts = sync.pipelines.get(sync.defaultPipeline);
    const known = await parts?.target.lookup(kind, [target]);
    if (!known?.has(target)) return said(phrase('replies.map.no_target', { target }), 'clarify');
    const before = settings.maps.get(map, source);
    await settings.setMapEntry({ map, source, target }, message.person);
    const label = phrase(`replies.map.${map}`);
    const name = known.get(target)?.name ?? '';
    return said(
      `${phrase('replies.map.set', { label, source, target, name })}${before ? phrase('replies.map.before', { before }) : ''}`,
      'run',
    );
  },
});
