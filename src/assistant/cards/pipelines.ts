import type { Block, Button, Field } from '../../channels/message.ts';
import { documentWords } from '../../documents.ts';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { nextTick } from '../../sync/cron.ts';
import { mapLabel, type ValueMaps } from '../../sync/maps.ts';
import type { PipelineParts } from '../../sync/parts.ts';
import type { Run } from '../../sync/run.ts';
import type { ScheduleInForce } from '../../sync/schedule.ts';
import { cronInWords } from '../cron-in-words.ts';
import { ruleInWords } from '../rule-in-words.ts';
import { doing } from './runs.ts';

/** A pipeline with what is known of it now. */
export interface KnownPipeline {
  parts: PipelineParts;
  schedule: ScheduleInForce;
  last: Run | null;
  maps: ValueMaps;
  now: Date;
}

const field = (name: string, value: string): Field => ({ label: phrase(`pipelines.field.${name}`), value });

export function timerOf({ schedule, now }: KnownPipeline): string {
  const { cron, enabled, fault } = schedule;
  if (fault) return phrase('pipelines.timer.broken', { message: fault.message });
  const words = { cron: cronInWords(cron), next: toWall(nextTick(cron, now)).slice(5, 16) };
  return phrase(`pipelines.timer.${enabled ? 'on' : 'off'}`, words);
}

export function lastOf({ last }: KnownPipeline): string {
  if (!last) return phrase('pipelines.never');
  return phrase('pipelines.last', {
    at: toWall(last.createdAt).slice(5, 16),
    what: doing(last),
    state: phrase(`replies.state.${last.state}`),
  });
}

/** One among many. */
export const inBrief = (known: KnownPipeline): Field[] => [
  field('timer', timerOf(known)),
  field('last', lastOf(known)),
];

/** A pipeline at a glance. */
export const glance = (known: KnownPipeline): Field[] => [
  field('source', sourceOf(known)),
  field('target', targetOf(known)),
  field('timer', timerOf(known)),
  field('maps', mapsOf(known).join('；')),
  field('last', lastOf(known)),
];

function sourceOf({ parts: { pipeline, source } }: KnownPipeline): string {
  const { status } = pipeline.source.params;
  const routes = source.routes.map((route) => phrase(`pipelines.route.${route}`)).join('、');
  const asked = phrase('pipelines.source', { api: pipeline.source.api, routes });
  return status ? `${asked} · ${phrase('pipelines.status', { status })}` : asked;
}

function targetOf({ parts: { pipeline } }: KnownPipeline): string {
  const { form, after } = pipeline.target;
  const steps = after.map((step) => phrase(`pipelines.after.${step}`)).join(phrase('pipelines.then'));
  return phrase('pipelines.target', {
    form,
    prefix: pipeline.bill_number.prefix,
    after: steps || phrase('pipelines.only_save'),
  });
}

/** The maps its rules use, each with its entries and its file. */
function mapsOf({ parts: { mapping }, maps }: KnownPipeline): string[] {
  const names = [...new Set(mapping.rules.flatMap(({ rule }) => rule.map ?? []))];
  const differences = maps.differences();
  return names.map((name) => {
    const words = { label: mapLabel(name), count: maps.entries(name).size, file: `maps/${name}.csv` };
    if (words.count === 0) return phrase('pipelines.map_empty', words);
    const changed = differences.filter(({ map }) => map === name).length;
    return changed > 0 ? phrase('pipelines.map_changed', { ...words, changed }) : phrase('pipelines.map', words);
  });
}

/** All that its file says, and every field of the bill with where it comes from. */
export function inFull(known: KnownPipeline): { fields: Field[]; mapping: [string, string][] } {
  const { pipeline, mapping, limit } = known.parts;
  const { limits, retry, left_out: leftOut } = pipeline;
  return {
    fields: [
      ...glance(known),
      field('when', pipeline.precondition),
      field(
        'amounts',
        phrase('pipelines.amounts', {
          tax: pipeline.tax_rate,
          scale: pipeline.price_scale,
          discount: phrase(`pipelines.discount.${pipeline.discount}`),
        }),
      ),
      field(
        'limits',
        phrase(limit.bound.length > 0 ? 'pipelines.limits_bound' : 'pipelines.limits', {
          ...limits.source,
          batch: limit.batch,
          concurrency: limit.concurrency,
        }),
      ),
      field('retry', phrase('pipelines.retry', { attempts: retry.attempts })),
      field('without', phrase('pipelines.without', { count: Object.keys(leftOut.target).length })),
      field('file', phrase('pipelines.file', { file: pipeline.file, version: mapping.version })),
    ],
    mapping: mappingOf(known),
  };
}

function mappingOf({ parts: { pipeline, mapping } }: KnownPipeline): [string, string][] {
  return mapping.rules.map(({ path, rule }) => {
    const label = mapping.layout.catalogue.find(path)?.label ?? path;
    const name = path.split('.').at(-1) ?? path;
    return [label === name ? name : `${label} ${name}`, ruleInWords(rule, pipeline.bill_number.prefix)];
  });
}

export const mappingTable = (mapping: readonly (readonly [string, string])[]): Block => ({
  type: 'table',
  columns: ['field', 'how'].map((column) => phrase(`pipelines.column.${column}`)),
  rows: mapping.map((row) => [...row]),
});

export const detailButton = ({ parts: { pipeline } }: KnownPipeline, only: boolean): Button => ({
  label: phrase(`pipelines.button.${only ? 'only' : 'detail'}`, { title: pipeline.title }),
  style: 'default',
  action: { name: 'show-pipeline', args: { pipeline: pipeline.id } },
  say: phrase('pipelines.say.detail', documentWords(pipeline.id)),
});
