import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { parseYaml } from '../yaml.ts';

const duration = z
  .string()
  .regex(/^\d+(s|m|h)$/)
  .transform(
    (text) => Number.parseInt(text, 10) * { s: 1000, m: 60_000, h: 3_600_000 }[text.at(-1) as 's' | 'm' | 'h'],
  );
const clock = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/);
const address = z.string().regex(/^(?:dingtalk|feishu|web):.+$/);
const severity = z.enum(['urgent', 'normal']);

const route = z.strictObject({
  to: z.array(address).min(1),
  mention: z.array(address).default([]),
  severity: z.array(severity).optional(),
  categories: z.array(z.string()).optional(),
  pipelines: z.array(z.string()).optional(),
  /** Shanghai hours in which normal alerts are sent; urgent ones always are. */
  hours: clock.optional(),
});
const robot = z.strictObject({
  kind: z.enum(['dingtalk', 'feishu', 'generic']),
  url: z.url(),
  secret: z.string().optional(),
  severity: z.array(severity).optional(),
});
const digest = z.strictObject({
  to: z.array(z.string().regex(/^(?:dingtalk|feishu):.+$/)).min(1),
  /** Five fields, Asia/Shanghai. */
  cron: z.string().refine((text) => text.trim().split(/\s+/).length === 5, 'm h d M w'),
  period: z.enum(['day', 'week']).default('day'),
});
const schema = z.strictObject({
  routes: z.array(route).default([]),
  robots: z.array(robot).default([]),
  digests: z.array(digest).default([]),
  escalate: z
    .strictObject({ after: duration, to: z.array(address).min(1), mention: z.array(address).default([]) })
    .optional(),
  group: z
    .strictObject({
      wait: duration.prefault('30s'),
      repeat: duration.prefault('4h'),
      resolve: duration.prefault('60s'),
    })
    .prefault({}),
});

export type AlertRules = z.infer<typeof schema>;
export type Route = AlertRules['routes'][number];
export type Robot = AlertRules['robots'][number];

/** Codes: `alerts.unreadable`, `alerts.syntax`, `alerts.invalid`. */
export function parseRules(text: string, file: string): AlertRules {
  const shapes: Readonly<Record<string, z.ZodObject>> = { routes: route, robots: robot, digests: digest };
  const keysAt = (path: readonly PropertyKey[]): string[] => {
    const [part = ''] = path;
    return Object.keys((shapes[String(part)] ?? schema).shape);
  };
  return parseYaml(text, schema, { file, code: 'alerts', keysAt }).value;
}

/** The rules in force; the file is read again when it changes, and a broken one leaves the old rules. */
export class Rules {
  readonly #file: string | undefined;
  readonly #onError: (error: unknown, where: string) => void;
  #rules: AlertRules;
  #changedAt = 0;

  constructor(file: string | undefined, onError: (error: unknown, where: string) => void) {
    this.#file = file;
    this.#onError = onError;
    this.#rules = schema.parse({});
    if (file) this.#rules = this.#read(file);
  }

  #read(file: string): AlertRules {
    let text: string;
    try {
      this.#changedAt = statSync(file).mtimeMs;
      text = readFileSync(file, 'utf8');
    } catch {
      throw new AppError('alerts.unreadable', 'config', { params: { file } });
    }
    return parseRules(text, basename(file));
  }

  current(): AlertRules {
    try {
      if (this.#file && statSync(this.#file).mtimeMs !== this.#changedAt) this.#rules = this.#read(this.#file);
    } catch (error) {
      this.#onError(error, 'alerts');
    }
    return this.#rules;
  }
}
