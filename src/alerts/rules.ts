import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { isCron } from '../sync/cron.ts';
import { parseYaml } from '../yaml.ts';

/** Before the name of a custom robot, where a conversation is named otherwise. */
export const robotPrefix = 'robot:';

const duration = z
  .string()
  .regex(/^\d+(s|m|h)$/)
  .transform(
    (text) => Number.parseInt(text, 10) * { s: 1000, m: 60_000, h: 3_600_000 }[text.at(-1) as 's' | 'm' | 'h'],
  );
const hours = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/);
const onPlatform = z.string().regex(/^(?:dingtalk|feishu):.+$/);
const receiver = z.string().regex(/^(?:dingtalk|feishu|web|robot):.+$/);
const severity = z.enum(['urgent', 'normal']);

const route = z.strictObject({
  to: z.array(receiver).min(1),
  /** Whom to @; on each platform the first who is there. */
  mention: z.array(onPlatform).default([]),
  severity: z.array(severity).optional(),
  categories: z.array(z.string()).optional(),
  pipelines: z.array(z.string()).optional(),
  /** Shanghai hours in which normal alerts are sent; urgent ones always are. */
  hours: hours.optional(),
});
const robot = z.strictObject({
  /** What `to` calls it: `robot:<name>`. Without one, its kind and place: `dingtalk1`. */
  name: z.string().min(1).max(40).optional(),
  kind: z.enum(['dingtalk', 'feishu', 'generic']),
  url: z.url({ protocol: /^https?$/ }),
  secret: z.string().optional(),
  /** Of what it gets where no route names it. */
  severity: z.array(severity).optional(),
});
const digest = z.strictObject({
  to: z.array(onPlatform).min(1),
  /** Five fields, Asia/Shanghai. */
  cron: z.string().refine(isCron, 'm h d M w'),
  period: z.enum(['day', 'week']).default('day'),
});
const runRoute = z.strictObject({
  to: z.array(onPlatform).min(1),
  triggers: z.array(z.enum(['chat', 'page', 'cli', 'api', 'schedule'])).optional(),
  pipelines: z.array(z.string()).optional(),
  /** Only runs that ended with failures, when they have. */
  only: z.literal('failed').optional(),
});
const escalate = z.strictObject({
  after: duration,
  to: z.array(receiver).min(1),
  mention: z.array(onPlatform).default([]),
});
const groupTimes = z.strictObject({
  /** Before a new alert is said. */
  wait: duration.prefault('30s'),
  /** Between two messages about one alert that has grown tenfold. */
  interval: duration.prefault('5m'),
  /** Between two messages about one that nobody has taken. */
  repeat: duration.prefault('4h'),
  /** Unseen for so long, it is over. */
  resolve: duration.prefault('60s'),
});
const schema = z
  .strictObject({
    routes: z.array(route).default([]),
    robots: z
      .array(robot)
      .default([])
      .transform((robots) => robots.map((one, index) => ({ ...one, name: one.name ?? `${one.kind}${index + 1}` }))),
    digests: z.array(digest).default([]),
    runs: z.array(runRoute).default([]),
    /** Where the verdict of the nightly reconciliation goes, with its workbook. */
    nightly: z.array(onPlatform).default([]),
    escalate: escalate.optional(),
    /** 勿扰: Shanghai hours in which only what is urgent is said. */
    quiet: hours.optional(),
    group: groupTimes.prefault({}),
  })
  .superRefine(({ robots, routes, escalate: second }, context) => {
    const names = robots.map(({ name }) => name);
    for (const [index, name] of names.entries())
      if (names.indexOf(name) !== index)
        context.addIssue({ code: 'custom', path: ['robots', index, 'name'], message: `≠ ${name}` });
    const addressed = [...routes.map(({ to }) => to), ...(second ? [second.to] : [])];
    for (const [index, to] of addressed.entries())
      for (const [at, one] of to.entries())
        if (one.startsWith(robotPrefix) && !names.includes(one.slice(robotPrefix.length)))
          context.addIssue({
            code: 'custom',
            path: [...(index < routes.length ? ['routes', index] : ['escalate']), 'to', at],
            message: names.map((name) => `${robotPrefix}${name}`).join('、') || 'robots',
          });
  });

export type AlertRules = z.infer<typeof schema>;
export type Route = AlertRules['routes'][number];
export type Robot = AlertRules['robots'][number];

/** Codes: `alerts.unreadable`, `alerts.syntax`, `alerts.invalid`. */
export function parseRules(text: string, file: string): AlertRules {
  const shapes: Readonly<Record<string, z.ZodObject>> = {
    routes: route,
    robots: robot,
    digests: digest,
    runs: runRoute,
    escalate,
    group: groupTimes,
  };
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
