import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { partsOf } from '../../sync/parts.ts';
import { scheduleInForce } from '../../sync/schedule.ts';
import {
  detailButton,
  glance,
  inBrief,
  inFull,
  type KnownPipeline,
  lastOf,
  mappingTable,
  timerOf,
} from '../cards/pipelines.ts';
import { kindsOf } from '../which-document.ts';
import { pipelineArgs, pipelineOf } from './arguments.ts';
import { defineTool, type ToolContext, take } from './tool.ts';

/** More than these are shown in brief, but for the first: a phone shows a few lines at a time. */
const fullAtMost = 3;
const buttonsAtMost = 6;

/** The integration schemes there are: where each reads and writes, its timer, its maps, its last run. */
export const listPipelines = defineTool({
  name: 'list-pipelines',
  least: 'viewer',
  parameters: z.strictObject({}),
  answers: { list_pipelines: ({ detail, document }) => (detail || document ? null : {}) },
  async run(_args, context) {
    const all: KnownPipeline[] = [];
    for (const id of kindsOf(context.sync)) all.push(await known(id, context));
    const title = phrase('pipelines.title', { count: all.length });
    const off = context.switchedOff.map((one) => phrase('pipelines.off', { title: one.title, file: one.file }));
    const lines = all.map((one) =>
      phrase('pipelines.line', { title: one.parts.pipeline.title, timer: timerOf(one), last: lastOf(one) }),
    );
    return {
      action: 'reply',
      reply: {
        text: [title, ...lines, ...off].join('\n'),
        card: {
          id: 'pipelines',
          title,
          tone: 'neutral',
          blocks: all
            .flatMap((one, at) => [
              { type: 'text' as const, text: one.parts.pipeline.title },
              { type: 'fields' as const, fields: at === 0 || all.length <= fullAtMost ? glance(one) : inBrief(one) },
            ])
            .concat(off.map((text) => ({ type: 'text' as const, text }))),
          buttons: all.slice(0, buttonsAtMost).map((one) => detailButton(one, all.length === 1)),
        },
      },
    };
  },
});

/** How one is set, with every field of the bill and where it comes from; without a name the one that is meant where nobody names one. */
export const showPipeline = defineTool({
  name: 'show-pipeline',
  least: 'viewer',
  parameters: z.strictObject(pipelineArgs),
  answers: {
    list_pipelines: (slots) => (slots.detail || slots.document ? take(slots, 'document') : null),
  },
  async run({ pipeline }, context) {
    const one = await known(pipelineOf({ pipeline }, context), context);
    const { fields, mapping } = inFull(one);
    const { id, title } = one.parts.pipeline;
    const count = phrase('pipelines.mapping', { count: mapping.length });
    const rules = mapping.map(([field, how]) => phrase('pipelines.rule', { field, how }));
    return {
      action: 'reply',
      reply: {
        text: [title, ...fields.map(({ label, value }) => `${label}：${value}`), count, ...rules].join('\n'),
        card: {
          id: `pipeline-${id}`,
          title,
          tone: 'neutral',
          blocks: [{ type: 'fields', fields }, { type: 'text', text: count }, mappingTable(mapping)],
          buttons: [],
        },
      },
    };
  },
});

async function known(id: string, { sync, settings, now }: ToolContext): Promise<KnownPipeline> {
  const parts = partsOf(sync.pipelines, id);
  const [last = null] = await sync.runs.recent(1, id);
  const schedule = scheduleInForce(parts.pipeline, (await settings.schedules()).get(id));
  return { parts, schedule, last, maps: settings.maps, now: now() };
}
