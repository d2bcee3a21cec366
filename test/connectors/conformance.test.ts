import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { streams } from '../../src/connectors/jushuitan/streams/index.ts';
import type { Route } from '../../src/connectors/jushuitan/streams/stream.ts';
import { forms } from '../../src/connectors/kingdee/forms/index.ts';
import { projectRoot } from '../../src/root.ts';
import { dayMs, fromWall } from '../../src/shanghai.ts';
import type { Catalogue, SourceQuery } from '../../src/sync/connector.ts';
import { compileMapping } from '../../src/sync/mapping.ts';
import { loadMaps } from '../../src/sync/maps.ts';
import { parsePipeline } from '../../src/sync/pipeline.ts';

const folder = join(projectRoot, 'pipelines');
const maps = loadMaps(join(folder, 'maps'));
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

function refuseGaps({ fields, find }: Catalogue): void {
  for (const { path, label, meaning } of fields) {
    expect(/\p{Script=Han}|^Form/u.test(label), `${path}: ${label}`).toBe(true);
    expect(meaning, path).not.toBe('');
    expect(find(path.toUpperCase())?.path, path).toBe(path);
  }
}

describe.each([...new Set(streams.values())].map((stream) => [stream.apis[0] ?? '', stream] as const))(
  '%s',
  (_api, stream) => {
    const routes = [stream.qimen, stream.open].filter((route): route is Route => route !== null);
    const now = new Date('2026-11-24T15:00:00+08:00');
    const query = (more: Partial<SourceQuery> = {}): SourceQuery => ({
      by: 'io_date',
      start: new Date('2026-11-01T00:00:00+08:00'),
      end: new Date('2026-11-08T00:00:00+08:00'),
      statuses: [],
      params: { own: 'x' },
      pageSize: 50,
      ...more,
    });

    test('says in Chinese what each field is', () => refuseGaps(stream.catalogue));

    test('has what a bill is made of', () => {
      for (const path of ['io_id', 'status', 'io_date', 'modified', 'items', 'items.sku_id', 'items.qty'])
        expect(stream.catalogue.find(path), path).toBeDefined();
    });

    test('is asked for weeks at most, each with all that the file asks for', () => {
      for (const by of ['io_date', 'modified'] as const)
        for (const wire of routes.flatMap((route) => route.reads(query({ by }), now))) {
          const [begin, end] = [wire.modified_begin, wire.modified_end].map((wall) => fromWall(String(wall)));
          expect(wire.own).toBe('x');
          expect((end?.getTime() ?? Number.NaN) - (begin?.getTime() ?? 0)).toBeLessThan(7 * dayMs);
        }
    });

    test('is asked for numbers fifty at most, without a window, and never for what is none', () => {
      const ids = Array.from({ length: 120 }, (_, index) => String(index + 1));
      for (const asked of [
        { keys: [...ids, 'no-id-0123456789ab'] },
        { keys: ids.map((id) => `A${id}`) },
        { numbers: ids },
      ])
        for (const wire of routes.flatMap((route) => route.reads(query(asked), now))) {
          expect(wire).not.toHaveProperty('modified_begin');
          const lists = Object.entries(wire).filter(([name]) => name.endsWith('_ids'));
          expect(lists).toHaveLength(1);
          for (const [, list] of lists) {
            const some = Array.isArray(list) ? list : String(list).split(',');
            expect(some.length).toBeLessThanOrEqual(50);
            expect(some.every((id) => /^\d+$/.test(id))).toBe(true);
          }
        }
    });

    test('makes a record of whatever a row is, of a number of its own or of none', () => {
      for (const { record } of routes) {
        for (const row of [null, 7, [], {}, { items: 7 }, { items: [null] }]) {
          const { key, faults } = record(row);
          expect(stream.isKey(key), JSON.stringify(row)).toBe(false);
          expect(faults?.length).toBeGreaterThan(0);
        }
        const { key, raw } = record({ io_id: 7, as_id: 7, status: 'Archive', receiver_name: 'N', items: [] });
        expect(stream.isKey(key)).toBe(true);
        expect(raw).not.toHaveProperty('receiver_name');
      }
      expect(stream.stateOf('Cancelled')).toBe('cancelled');
      expect(stream.stateOf('Confirmed')).toBe('active');
    });
  },
);

describe.each([...forms])('%s', (id, form) => {
  test('says in Chinese what each field is', () => refuseGaps(form.catalogue));

  test('names fields that are its own', () => {
    const inEntry = [form.material, form.stock, form.quantity, ...form.units].map((name) => `${form.entry}.${name}`);
    const inHead = [form.date, form.organization, ...(form.party === null ? [] : [form.party]), form.entry];
    for (const path of [...form.required, ...inEntry, ...inHead]) expect(form.catalogue.find(path)?.path).toBe(path);
    expect(form.id).toBe(id);
  });

  test('is moved by a shipped file that tells of each of its fields', () => {
    const pipelines = files.map((name) => parsePipeline(readFileSync(join(folder, name), 'utf8'), name));
    const own = pipelines.filter(({ target }) => target.form === id);
    expect(own.length).toBeGreaterThan(0);
    for (const pipeline of own) {
      const stream = streams.get(pipeline.source.api);
      const { rules } = compileMapping(pipeline, stream?.catalogue as Catalogue, form, maps);
      const told = new Set([...rules.map(({ path }) => path), ...Object.keys(pipeline.left_out.target)]);
      const untold = form.catalogue.fields.filter(
        ({ kind, type, path }) => kind === 'model' && type !== 'array' && type !== 'object' && !told.has(path),
      );
      expect(untold.map(({ path }) => path)).toEqual([]);
      for (const { path, kind } of form.catalogue.fields)
        if (kind === 'option') expect(pipeline.target.options).toHaveProperty(path);
      if (!pipeline.default) expect([pipeline.enabled, pipeline.schedule.enabled]).toEqual([false, false]);
    }
  });
});
