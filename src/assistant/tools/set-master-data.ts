import { z } from 'zod';
import { remedyButton } from '../../alerts/remedies.ts';
import type { Card } from '../../channels/message.ts';
import { documentWords } from '../../documents.ts';
import type { FailureCategory } from '../../errors.ts';
import { phrase } from '../../phrases.ts';
import { questionCard } from '../cards/question.ts';
import { codeOf, kindOfMap, type MapName, mapNames, mapOf } from '../map-names.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

const code = z.string().trim().min(1).max(60);
const parameters = z.strictObject({
  pipeline: z.string().optional(),
  map: z.enum(mapNames),
  source: code,
  target: code,
});
type Args = z.infer<typeof parameters>;

/** Sets one entry of a value map, after a yes to what the code is called in the target. The file stays as it is; the change wins over it. */
export const setMasterData = defineTool({
  name: 'set-master-data',
  least: 'admin',
  asks: true,
  target: false,
  parameters,
  answers: { set_master_data: (slots) => ({ map: mapOf(slots), ...take(slots, 'source', 'target') }) },
  async run(asked, context) {
    const { map, target } = asked;
    const { settings, sync, message, sql } = context;
    const source =
      settings.maps.get(map, asked.source) === undefined ? await codeOf(sql, map, asked.source) : asked.source;
    const change = { ...asked, source };
    const pipeline = sync.known(change.pipeline ?? sync.defaultPipeline);
    const parts = sync.pipelines.get(pipeline);
    parts?.target.forget();
    const known = (await parts?.target.lookup(kindOfMap[map], [target]))?.get(target);
    if (!known) return said(phrase('replies.map.no_target', { target }), 'clarify');
    const before = settings.maps.get(map, source) ?? null;
    if (!context.confirmed) return await ask(change, { name: known.name, before }, context);
    const id = await settings.setMapEntry({ map, source, target }, message.person);
    const words = { label: phrase(`replies.map.${map}`), source, target, name: known.name };
    const text = `${phrase('replies.map.set', words)}${before ? phrase('replies.map.before', { before }) : ''}`;
    const card = await doneCard(text, { pipeline, change, before, id }, context);
    return { action: 'run', reply: { text, card }, change: { map, source, before, after: target } };
  },
});

async function ask(
  change: Args,
  { name, before }: { name: string; before: string | null },
  { confirmations, message }: ToolContext,
): Promise<ToolResult> {
  const { map, source, target } = change;
  const id = await confirmations.ask(message, 'set-master-data', change);
  const words = { label: phrase(`replies.map.${map}`), source, target, name };
  return {
    action: 'confirm',
    reply: {
      text: phrase('replies.map.confirm', { ...words, minutes: confirmationMinutes }),
      card: questionCard(id, phrase('cards.map.title', words), [
        { label: phrase('tools.argument.map'), value: words.label },
        { label: source, value: `${target} ${name}` },
        { label: phrase('cards.map.before'), value: before ?? phrase('cards.map.nothing') },
      ]),
    },
  };
}

/** Done, with the way back, and the way on for the orders that have waited for this. */
async function doneCard(
  title: string,
  done: { pipeline: string; change: Args; before: string | null; id: number },
  { sync }: ToolContext,
): Promise<Card> {
  const { pipeline, change, before, id } = done;
  const undo = remedyButton('undo_map', ['undo-master-data', { version: String(id) }]);
  const waiting = await waitingFor(change, before, (filter) => sync.outcomes.failedKeys(pipeline, filter));
  const retry = waiting && [
    remedyButton(
      'retry_these',
      ['retry-failures', { pipeline, category: waiting.category, subject: waiting.subject }],
      { ...documentWords(pipeline), count: waiting.count, category: phrase(`cards.category.${waiting.category}`) },
      'primary',
    ),
  ];
  return {
    id: `map-set-${id}`,
    title,
    tone: 'good',
    blocks: [],
    buttons: [...(retry ?? []), undo],
  };
}

/** What failed for want of this entry: it was not there, or it led to a code that is not there. */
async function waitingFor(
  { map, source }: { map: MapName; source: string },
  before: string | null,
  failedKeys: (filter: { category: FailureCategory; subject: string }) => Promise<string[]>,
): Promise<{ category: FailureCategory; subject: string; count: number } | null> {
  const wrong = map === 'sku_to_material' ? 'material_missing' : 'base_data_missing';
  for (const filter of [
    { category: 'value_map_missing', subject: source },
    { category: wrong, subject: before ?? source },
  ] as const) {
    const { length } = await failedKeys(filter);
    if (length > 0) return { ...filter, count: length };
  }
  return null;
}
