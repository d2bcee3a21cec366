import type { Sql } from '../store/sql.ts';
import type { MapChange, ValueMaps } from '../sync/maps.ts';

export interface Schedule {
  cron: string;
  enabled: boolean;
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

  async setMapEntry(change: MapChange, person: string): Promise<void> {
    await this.#sql.query('insert into map_changes (map, source, target, person, at) values ($1, $2, $3, $4, $5)', [
      change.map,
      change.source,
      change.target,
      person,
      this.#now(),
    ]);
    await this.refresh();
  }

  async schedules(): Promise<ReadonlyMap<string, Schedule>> {
    const rows = await this.#sql.query<Schedule & { pipeline: string }>(
      'select pipeline, cron, enabled from schedules',
    );
    return new Map(rows.map(({ pipeline, cron, enabled }) => [pipeline, { cron, enabled }]));
  }

  async setSchedule(pipeline: string, { cron, enabled }: Schedule, person: string): Promise<void> {
    await this.#sql.query(
      `insert into schedules (pipeline, cron, enabled, person, at) values ($1, $2, $3, $4, $5)
       on conflict (pipeline) do update set cron = excluded.cron, enabled = excluded.enabled, person = excluded.person, at = excluded.at`,
      [pipeline, cron, enabled, person, this.#now()],
    );
  }
}
