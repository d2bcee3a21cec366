import { z } from 'zod';
import { documentWords } from '../../documents.ts';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import type { MovedDate } from '../../sync/decisions.ts';
import { type Explanation, explainField } from '../../sync/explain.ts';
import { partsOf } from '../../sync/parts.ts';
import { callNames } from '../people.ts';
import { ruleInWords } from '../rule-in-words.ts';
import { documentsNamed, each } from '../which-document.ts';
import { pipelineArgs, pipelineOf } from './arguments.ts';
import { defineTool, take } from './tool.ts';

/** How a field comes about, with the values of one order when it is named; the source line is always given. */
export const explainMapping = defineTool({
  name: 'explain-mapping',
  least: 'viewer',
  parameters: z.strictObject({ ...pipelineArgs, field: z.string(), order: z.string().optional() }),
  answers: {
    explain_mapping: (slots) => ({
      field: slots.field ?? slots.sourceField ?? '',
      ...(slots.orders?.[0] ? { order: slots.orders[0] } : {}),
      ...take(slots, 'document'),
    }),
  },
  async run({ field, order, pipeline: meant }, context) {
    const { sync, sql } = context;
    const known = order ? each(await documentsNamed([order], meant, sync)) : [];
    // A number that two kinds know is of the one that is meant where nobody names one.
    const document = known.find((one) => one.pipeline === sync.defaultPipeline) ?? known[0];
    const id = pipelineOf({ pipeline: meant ?? document?.pipeline }, context);
    const { pipeline, mapping } = partsOf(sync.pipelines, id);
    const words = documentWords(id);
    const found = explainField({ pipeline, mapping }, field, document?.order, document?.dateOverride);
    if (found.length === 0) return { action: 'clarify', reply: { text: phrase('replies.unknown_field', { field }) } };
    const unknownOrder = order && !document ? phrase('replies.order_unknown', { order }) : '';
    const moves = found.some(({ field: { path } }) => path === mapping.layout.date)
      ? await sync.decisions.moved(pipeline.id, shownMoves, document?.key)
      : [];
    const nameOf = await callNames(
      sql,
      moves.map(({ person }) => person),
    );
    const moved = moves.map((move) => phrase('explain.moved', { ...words, ...whoMoved(move, nameOf(move.person)) }));
    const text = [...found.map((one) => say(one, pipeline.bill_number.prefix, document?.key)), ...moved].join('\n');
    return {
      action: 'reply',
      reply: {
        text: `${text}${unknownOrder ? `\n${unknownOrder}` : ''}`,
        card: {
          id: `explain-${field}`,
          title: phrase('explain.title', { label: found[0]?.field.label ?? field }),
          tone: 'neutral',
          blocks: [
            ...found.map((one) => ({
              type: 'fields' as const,
              fields: [
                {
                  label: `${one.field.label} ${one.field.path}`,
                  value: one.leftOut
                    ? phrase('explain.left_out', { why: one.leftOut })
                    : ruleInWords(one.rule?.rule, pipeline.bill_number.prefix),
                },
                ...one.values.map((value) => ({
                  label: value.sku ?? document?.key ?? '',
                  value: `${value.inputs.map((input) => `${input.name} ${input.value}`).join(' · ')} → ${value.value}`,
                })),
                {
                  label: phrase('explain.source'),
                  value: phrase('explain.place', { file: one.file, line: one.line, version: one.version }),
                },
              ],
            })),
            ...moved.map((said) => ({ type: 'text' as const, text: said })),
          ],
          buttons: [],
        },
      },
    };
  },
});

/** Dates that somebody moved are told of, the latest few. */
const shownMoves = 5;
const whoMoved = ({ key, day, at }: MovedDate, person: string): Record<string, string> => ({
  key,
  day,
  person,
  at: toWall(at).slice(5, 16),
});

function say(one: Explanation, prefix: string, order: string | undefined): string {
  const rule = one.leftOut ? phrase('explain.left_out', { why: one.leftOut }) : ruleInWords(one.rule?.rule, prefix);
  const values = one.values
    .map(
      (value) =>
        `${value.sku ?? order ?? ''} ${value.inputs.map((input) => `${input.name} ${input.value}`).join('，')} → ${value.value}`,
    )
    .join('；');
  return phrase('explain.text', {
    label: one.field.label,
    path: one.field.path,
    rule,
    values: values ? `（${values}）` : '',
    place: phrase('explain.place', { file: one.file, line: one.line, version: one.version }),
  });
}
