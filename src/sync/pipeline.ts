import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { filesOf } from '../folder-files.ts';
import { parseYaml } from '../yaml.ts';
import { isCron, shortestGapMs } from './cron.ts';

/** `30s`, `20m`, `2h`, `7d` → milliseconds. */
const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/)
  .transform((text) => {
    const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[
      text.replace(/\d+/, '') as 'ms' | 's' | 'm' | 'h' | 'd'
    ];
    return Number.parseInt(text, 10) * unit;
  });

const valueForm = z.enum(['base', 'bool', 'number', 'text']);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What is looked up where a rule's own map has no entry. */
const otherwise = z.strictObject({ from: z.string(), map: z.string().optional() });

/** How one target field gets its value. Exactly one of from, const, expr, bill_number, discount says where it starts. */
const rule = z.strictObject({
  from: z.string().optional(),
  or: z.array(z.string()).optional(),
  const: scalar.optional(),
  expr: z.string().optional(),
  bill_number: z.literal(true).optional(),
  discount: z.literal(true).optional(),
  map: z.string().optional(),
  otherwise: otherwise.optional(),
  default: scalar.optional(),
  as: valueForm.optional(),
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

/** A field that no catalogue has: a tenant's own, or one the interface document leaves out. */
const ownField = z.strictObject({
  path: z.string().min(1),
  label: z.string().min(1),
  type: z.enum(['string', 'number', 'bool']).default('string'),
  as: valueForm.optional(),
  /** What a base datum is named by. */
  by: z.enum(['FNumber', 'FName', 'FUserId']).optional(),
});
export type OwnField = z.infer<typeof ownField>;

const leftOut = z.record(z.string(), z.string());

const pipelineSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** Whether it may run at all (是否启动); on the sandbox every pipeline may. */
  enabled: z.boolean().default(true),
  /** Whether it is meant where nobody names a kind of document. */
  default: z.boolean().default(false),
  source: z.strictObject({
    connector: z.literal('jushuitan'),
    api: z.string(),
    params: z.record(z.string(), scalar.transform(String)).default({}),
    page_size: z.number().int().min(1).max(50).default(50),
    fields: z.array(ownField).default([]),
  }),
  target: z.strictObject({
    connector: z.literal('kingdee'),
    api: z.literal('batchSave'),
    form: z.string(),
    options: z.record(z.string(), scalar).default({}),
    unit: z.string().min(1).default('Pcs'),
    after: z.array(z.enum(['submit', 'audit'])).default(['submit', 'audit']),
    fields: z.array(ownField).default([]),
  }),
  key: z.literal('io_id'),
  bill_number: z.strictObject({ prefix: z.string().max(20) }),
  discount: z.enum(['none', 'free_amount']).default('none'),
  /** What lines are booked at: their own amount, tax included; what they cost (`cost_amount`, `cost_price`); or quantities only. */
  pricing: z.enum(['tax-included-lines', 'cost-lines', 'none']).default('tax-included-lines'),
  /**
   * Lines without a quantity and without an amount, and lines below zero: the document is refused, or goes without them. Of lines of
   * one sign only these are booked, as quantities above zero. Lines whose cost is not known: the document is refused, or they cost 0.
   */
  lines: z
    .strictObject({
      zero: z.enum(['refuse', 'leave_out']).default('leave_out'),
      negative: z.enum(['refuse', 'leave_out']).default('refuse'),
      sign: z.enum(['positive', 'negative']).optional(),
      unpriced: z.enum(['refuse', 'zero']).default('refuse'),
    })
    .prefault({}),
  /** The pipeline of the documents these go back on, the field both share, and how long one waits for its own to be written. */
  upstream: z.strictObject({ pipeline: z.string(), by: z.string(), wait: duration.default(604_800_000) }).optional(),
  freight_material: z.string().optional(),
  price_scale: z.number().int().min(2).max(10).default(6),
  tax_rate: z.number().min(0).max(100).default(13),
  mapping: z.record(z.string(), z.union([rule, entry, group])),
  left_out: z
    .strictObject({ source: leftOut.default({}), target: leftOut.default({}) })
    .default({ source: {}, target: {} }),
  precondition: z.string().default('true'),
  /** Two fields of the target; a document that gives both the same value is left out. */
  unless_same: z.tuple([z.string(), z.string()]).optional(),
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
          /** Ceilings of what is found by itself. */
          concurrency: z.number().int().min(1).max(8).optional(),
          batch: z.number().int().min(1).max(100).optional(),
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

/**
 * Every pipeline file of a folder. Codes: `pipeline.syntax`, `.invalid`, `.cron`, `.cron_too_often`, `.none`, each with
 * file, line and column; `.same_id`, `.same_number` with both files.
 */
export function loadPipelines(folder: string): Pipeline[] {
  const { names } = filesOf(folder, pipelineEndings);
  if (names.length === 0) throw new AppError('pipeline.none', 'config', { params: { folder } });
  const pipelines = names.map((name) => parsePipeline(readFileSync(join(folder, name), 'utf8'), name));
  refuseTwins(pipelines);
  return pipelines;
}

/** Two files of one id, or of one way of numbering the same kind of bill: the one would write over the other. */
function refuseTwins(pipelines: readonly Pipeline[]): void {
  const first = new Map<string, Pipeline>();
  for (const pipeline of pipelines) {
    const { id, target, bill_number } = pipeline;
    const kinds = [
      { code: 'same_id', mark: `id ${id}` },
      { code: 'same_number', mark: `number ${target.form} ${bill_number.prefix}` },
    ];
    for (const { code, mark } of kinds) {
      const other = first.get(mark);
      if (other)
        throw new AppError(`pipeline.${code}`, 'config', {
          params: { file: pipeline.file, other: other.file, id, form: target.form, prefix: bill_number.prefix },
        });
      first.set(mark, pipeline);
    }
  }
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
