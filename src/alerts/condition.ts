import { createHash } from 'node:crypto';
import type { Sql } from '../store/sql.ts';
import type { Alert } from './alert.ts';

/** Something that is wrong now. */
export interface Condition
  extends Pick<Alert, 'fingerprint' | 'pipeline' | 'category' | 'severity' | 'count' | 'unit' | 'message' | 'next'> {
  orders: string[];
  subjects: string[];
  /** What the members' sentences were filled with, each once. */
  details: Record<string, string | number>[];
}

/** What a look sees. */
export interface Surroundings {
  sql: Sql;
  now: Date;
  pipelines: readonly string[];
  /** The cron text (Asia/Shanghai) of the pipelines that run by themselves. */
  schedules: ReadonlyMap<string, string>;
  /** What is wrong with the schedule of those that should and cannot. */
  brokenSchedules: ReadonlyMap<string, Pick<Condition, 'message' | 'next'>>;
  dataDir: string;
  channels: readonly { name: string; up: boolean; everUp: boolean }[];
}

/** Looks at one pipeline for one kind of trouble. */
export type Source = (around: Surroundings, pipeline: string) => Promise<Condition[]>;

/** Causes that stop everything behind them. */
const urgent = new Set(['session', 'permission', 'disk_full']);

export function fingerprintOf(pipeline: string, category: string): string {
  return createHash('sha256').update(`${pipeline}\n${category}`).digest('hex').slice(0, 16);
}

/** A phone number that got into a text or a code by way of an order. */
const masked = (text: string): string => text.replace(/(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g, '$1****$2');

export function condition(
  pipeline: string,
  category: string,
  found: Pick<Condition, 'count' | 'unit' | 'message' | 'next'> & Partial<Condition>,
): Condition {
  return {
    fingerprint: fingerprintOf(pipeline, category),
    pipeline,
    category,
    severity: urgent.has(category) ? 'urgent' : 'normal',
    orders: [],
    ...found,
    message: masked(found.message),
    next: masked(found.next),
    subjects: (found.subjects ?? []).map(masked),
    details: (found.details ?? []).map((detail) =>
      Object.fromEntries(
        Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? masked(value) : value]),
      ),
    ),
  };
}
