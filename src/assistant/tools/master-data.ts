import { z } from 'zod';
import type { Card } from '../../channels/message.ts';
import { phrase } from '../../phrases.ts';
import { mostRows, sheetFile } from '../../reports/sheet.ts';
import { toWall } from '../../shanghai.ts';
import type { Sql } from '../../store/sql.ts';
import { goingOn, pageRows } from '../lists.ts';
import { codeOf, mapNames, mapOf } from '../map-names.ts';
import { callNames } from '../people.ts';
import type { StoredMapChange } from '../settings.ts';
import { pageArgs } from './arguments.ts';
import { defineTool, said, take } from './tool.ts';

/** What a shop, a warehouse or a SKU is in the target. */
export const masterData = defineTool({
  name: 'master-data',
  least: 'viewer',
  parameters: z.strictObject({ map: z.enum(mapNames), source: z.string().optional(), ...pageArgs }),
  answers: { master_data: (slots) => ({ map: mapOf(slots), ...take(slots, 'source') }) },
  async run({ map, source, offset = 0 }, { settings, sql }) {
    const entries = settings.maps.entries(map);
    const label = phrase(`replies.map.${map}`);
    if (source) {
      const code = entries.has(source) ? source : await codeOf(sql, map, source);
      const target = entries.get(code);
      if (target) {
        const [latest] = await settings.mapChanges(1, { map, source: code });
        return said(
          `${phrase('replies.map.one', { label, source: code === source ? code : `${code} ${source}`, target })}${latest ? await whoChanged(latest, sql) : ''}`,
        );
      }
      return said(
        phrase(map === 'sku_to_material' ? 'replies.map.same' : 'replies.map.missing', { label, source: code }),
      );
    }
    const rows = [...entries].slice(offset, offset + pageRows);
    const title = phrase('replies.map.title', { label, count: entries.size });
    if (rows.length === 0) return said(title);
    const columns = [phrase('tools.argument.source'), phrase('tools.argument.target')];
    const next = { tool: 'master-data', args: { map }, offset: offset + rows.length, total: entries.size };
    const omitted = next.total - next.offset;
    const table = { type: 'table' as const, columns, rows, ...(omitted > 0 ? { omitted } : {}) };
    const card: Card = { id: `map-${map}`, title, tone: 'neutral', blocks: [table], buttons: [] };
    const text = `${title}：${rows.map((row) => row.join(' → ')).join('、')}`;
    return { action: 'reply', reply: goingOn({ text, card }, next, rows.length), list: next };
  },
  async file({ map }, { settings }) {
    const entries = [...settings.maps.entries(map)];
    return await sheetFile({
      name: phrase('list.file.map', { label: phrase(`replies.map.${map}`) }),
      columns: ['source', 'target'],
      rows: entries.slice(0, mostRows),
      total: entries.length,
    });
  },
});

async function whoChanged({ at, person, before }: StoredMapChange, sql: Sql): Promise<string> {
  const nameOf = await callNames(sql, [person]);
  const words = { person: nameOf(person), at: toWall(at).slice(5, 16) };
  return before
    ? phrase('replies.map.changed', { ...words, before })
    : phrase('replies.map.changed_from_nothing', words);
}
