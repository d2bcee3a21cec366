import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { mapNames, mapOf } from '../map-names.ts';
import type { StoredMapChange } from '../settings.ts';
import { defineTool, said, take } from './tool.ts';

const shown = 30;

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
      if (target) {
        const [latest] = await settings.mapChanges(1, { map, source });
        return said(`${phrase('replies.map.one', { label, source, target })}${latest ? whoChanged(latest) : ''}`);
      }
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

function whoChanged({ at, person, before }: StoredMapChange): string {
  const words = { person, at: toWall(at).slice(5, 16) };
  return before
    ? phrase('replies.map.changed', { ...words, before })
    : phrase('replies.map.changed_from_nothing', words);
}
