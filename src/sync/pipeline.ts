import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { filesOf } from '../folder-files.ts';
import { parseYaml } from '../yaml.ts';
import { isCron, shortestGapMs } from './cron.ts';

/** `30s`, `20m`, `2h` → milliseconds. */
const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h)$/)
  .transform((text) => {
    const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[text.replace(/\d+/, '') as 'ms' | 's' | 'm' | 'h'];
    return Number.parseInt(text, 10) * unit;
  });

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** How one target field gets its value. Exactly one of from, const, expr, bill_number, discount says where it starts. */
const rule = z.strictObject({
  from: z.string().optional(),
  or: z.array(z.string()).optional(),
  const: scalar.optional(),
  expr: z.string().optional(),
  bill_number: z.literal(true).optional(),
  discount: z.literal(true).optional(),
  map: z.string().optional(),
  default: scalar.optional(),
  as: z.enum(['base', 'bool', 'number', 'text']).optional(),
  format: z.enum(['date']).optional(),
  round: z.number().int().min(0).max(10).optional(),
  optional: z.boolean().optional(),
  note: z.string().optional(),
});
export type Rule = z.infer<typeof rule>;

const rules = z.record(z.string(), rule);
const entry = z.strictObject({ each: z.literal('items'), fields: rules });
const group = z.strictObject({ fields: rules });
export type MappingNode = Rule | z.infer<typeof entry> | z.infer<typeof group>;

const leftOut = z.record(z.string(), z.string());

const pipelineSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  source: z.strictObject({
    connector: z.literal('jushuitan'),
    api: z.string(),
    params: z.record(z.string(), scalar.transform(String)).default({}),
    page_size: z.number().int().min(1).max(50).default(50),
  }),
  target: z.strictObject({
    connector: z.literal('kingdee'),
    api: z.string(),
    form: z.string().default('SAL_OUTSTOCK'),
    options: z.record(z.string(), scalar).default({}),
    unit: z.string().min(1).default('Pcs'),
    after: z.array(z.enum(['submit', 'audit'])).default(['submit', 'audit']),
  }),
  key: z.literal('io_id'),
  bill_number: z.strictObject({ prefix: z.string().max(20) }),
  discount: z.enum(['none', 'free_amount']).default('none'),
  freight_material: z.string().optional(),
  price_scale: z.number().int().min(2).max(10).default(6),
  tax_rate: z.number().min(0).max(100).default(13),
  mapping: z.record(z.string(), z.union([rule, entry, group])),
  left_out: z
    .strictObject({ source: leftOut.default({}), target: leftOut.default({}) })
    .default({ source: {}, target: {} }),
  precondition: z.string().default('true'),
  schedule: z.strictObject({
    cron: z.string(),
    timezone: z.literal('Asia/Shanghai').default('Asia/Shanghai'),
    lookback: duration.default(1_200_000),
    /** Two ticks are at least so far apart, whoever sets them. */
    min_interval: duration.default(300_000),
    enabled: z.boolean().default(false),
  }),
  retry: z
    .strictObject({
      attempts: z.number().int().min(1).max(20).default(5),
      backoff: z.literal('exponential').default('exponential'),
      max_delay: duration.default(600_000),
    })
    .prefault({}),
  limits: z
    .strictObject({
      source: z
        .strictObject({ per_second: z.number().positive().default(5), per_minute: z.number().positive().default(100) })
        .prefault({}),
      target: z
        .strictObject({
          concurrency: z.number().int().min(1).max(8).default(2),
          batch: z.number().int().min(1).max(100).default(20),
          timeout: duration.default(30_000),
          settle: duration.default(10_000),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** One integration scheme as its file says it, with where each part stands in the file. */
export interface Pipeline extends z.infer<typeof pipelineSchema> {
  file: string;
  /** The line (from 1) of a path in the file, for explaining and for errors. */
  line(path: readonly (string | number)[]): number;
}

export const pipelineEndings = ['.yaml', '.yml'];

/** Every pipeline file of a folder. Codes: `pipeline.syntax`, `pipeline.invalid`, `pipeline.cron`, `pipeline.cron_too_often`, `pipeline.none`; each with file, line and column. */
export function loadPipelines(folder: string): Pipeline[] {
  const { names } = filesOf(folder, pipelineEndings);
  if (names.length === 0) throw new AppError('pipeline.none', 'config', { params: { folder } });
  return names.map((name) => parsePipeline(readFileSync(join(folder, name), 'utf8'), name));
}

export function parsePipeline(text: string, file: string): Pipeline {
  const keysAt = (path: readonly PropertyKey[]): string[] =>
    Object.keys(path[0] === 'mapping' ? rule.shape : pipelineSchema.shape);
  const { value, at } = parseYaml(text, pipelineSchema, { file, code: 'pipeline', keysAt });
  const { cron, min_interval } = value.schedule;
  const { line, col } = at(['schedule', 'cron']);
  const params = { file, line, column: col, cron, least: min_interval / 60_000 };
  if (!isCron(cron)) throw new AppError('pipeline.cron', 'config', { params });
  if (shortestGapMs(cron) < min_interval) throw new AppError('pipeline.cron_too_often', 'config', { params });
  return { ...value, file: basename(file), line: (path) => at(path).line };
}

/** An error about a place in a pipeline file, for the parts that check more than the shape. */
export function pipelineError(
  pipeline: Pipeline,
  code: string,
  path: readonly string[],
  params: Record<string, string>,
): AppError {
  return new AppError(code, 'config', { params: { file: pipeline.file, line: pipeline.line(path), ...params } });
}
