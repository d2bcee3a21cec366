import { phrase } from '../phrases.ts';
import { one, type Sql } from '../store/sql.ts';
import { refuseCron } from '../sync/cron.ts';
import type { MapChange, ValueMaps } from '../sync/maps.ts';
import type { Pipeline } from '../sync/pipeline.ts';
import type { Schedule } from '../sync/schedule.ts';

/** One version of a value map's entry. */
export interface StoredMapChange extends MapChange {
  id: number;
  /** What it was before, in the file or in an earlier change; null = nothing. */
  before: string | null;
  person: string;
  at: Date;
}

/** What people change in chat: value maps and schedules. Kept in the database, and put over what the files say. */
export class Settings {
  readonly #sql: Sql;
  readonly #now: () => Date;
  readonly maps: ValueMaps;

  constructor(sql: Sql, now: () => Date, maps: ValueMaps) {
    this.#sql = sql;
    this.#now = now;
    this.maps = maps;
  }

  /** Takes in what this process or another has changed. */
  async refresh(): Promise<void> {
    this.maps.change(
      await this.#sql.query<MapChange>(
        'select distinct on (map, source) map, source, target from map_changes order by map, source, id desc',
      ),
    );
  }

  /** Where the database says something else about an entry than the file does, a sentence each. */
  mapDifferences(): string[] {
    return this.maps.differences().map(({ map, source, target, inFile }) =>
      phrase('cli.map_differs', {
        file: `${map}.csv`,
        source,
        target,
        in_file: inFile ?? phrase('cards.map.nothing'),
      }),
    );
  }

  /** Sets an entry and returns the number of the change, by which it can be taken back. */
  async setMapEntry({ map, source, target }: MapChange, person: string): Promise<number> {
    const { id } = one(
      await this.#sql.query<{ id: number }>(
        'insert into map_changes (map, source, target, before, person, at) values ($1, $2, $3, $4, $5, $6) returning id',
        [map, source, target, this.maps.get(map, source) ?? null, person, this.#now()],
      ),
    );
    await this.refresh();
    return id;
  }

  /** The latest changes, newest first: of one entry, or of all. */
  async mapChanges(limit: number, entry?: { map: string; source: string }): Promise<StoredMapChange[]> {
    return await this.#sql.query<StoredMapChange>(
      `select id, map, source, target, before, person, at from map_changes
       where $2::text is null or (map = $2 and source = $3) order by id desc limit $1`,
      [limit, entry?.map ?? null, entry?.source ?? null],
    );
  }

  /** The change that can be taken back: this one, or the latest, of a source when it is named. Not one that a later change stands on. */
  async undoable({
    id,
    source,
  }: {
    id?: number | undefined;
    source?: string | undefined;
  }): Promise<StoredMapChange | null> {
    const [change] = await this.#sql.query<StoredMapChange>(
      `select id, map, source, target, before, person, at from map_changes c
       where ($1::bigint is null or id = $1) and ($2::text is null or source = $2)
         and not exists (select 1 from map_changes l where l.map = c.map and l.source = c.source and l.id > c.id) order by id desc limit 1`,
      [id ?? null, source ?? null],
    );
    return change ?? null;
  }

  /** What was before the change holds again: an earlier change, or the file. */
  async undo({ id, map, source }: StoredMapChange, person: string): Promise<void> {
    const [earlier] = await this.#sql.query<{ target: string | null }>(
      'select target from map_changes where map = $1 and source = $2 and id < $3 order by id desc limit 1',
      [map, source, id],
    );
    await this.setMapEntry({ map, source, target: earlier?.target ?? null }, person);
  }

  /** The schedules set in chat, as they are now: a pause that has run out is over. */
  async schedules(): Promise<ReadonlyMap<string, Schedule>> {
    const rows = await this.#sql.query<{ pipeline: string; cron: string; enabled: boolean; paused_until: Date | null }>(
      'select pipeline, cron, enabled, paused_until from schedules',
    );
    const now = this.#now();
    return new Map(
      rows.map(({ pipeline, cron, enabled, paused_until: until }) => [
        pipeline,
        !enabled && until && until > now
          ? { cron, enabled, pausedUntil: until }
          : { cron, enabled: enabled || until !== null },
      ]),
    );
  }

  /** Keeps a schedule that can be kept, whoever asks for it. Codes: `schedule.not_a_cron`, `schedule.too_often`. */
  async setSchedule(
    { id, schedule }: Pipeline,
    { cron, enabled, pausedUntil }: Schedule,
    person: string,
  ): Promise<void> {
    refuseCron(cron, schedule.min_interval);
    await this.#sql.query(
      `insert into schedules (pipeline, cron, enabled, paused_until, person, at) values ($1, $2, $3, $4, $5, $6)
       on conflict (pipeline) do update set cron = excluded.cron, enabled = excluded.enabled,
         paused_until = excluded.paused_until, person = excluded.person, at = excluded.at`,
      [id, cron, enabled, pausedUntil ?? null, person, this.#now()],
    );
  }
}
