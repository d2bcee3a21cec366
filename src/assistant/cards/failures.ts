import { mapButton, type Remedy, remedyOf } from '../../alerts/remedies.ts';
import type { Block, Button, Card } from '../../channels/message.ts';
import { type DocumentWords, documentWords } from '../../documents.ts';
import { money, someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import type { FailureGroup } from '../../sync/run.ts';
import type { Suggestion } from '../suggestions.ts';
import { button, categoryLabel } from './cards.ts';

export interface FailuresView {
  pipeline: string;
  groups: readonly FailureGroup[];
  amount: string;
  /** What the codes that are not there may have been meant to be. */
  suggestions: readonly Suggestion[];
  /** Materials that a button makes in the sandbox's 金蝶. */
  sandboxMaterials: readonly string[];
}

type Field = { label: string; value: string };

/** What is still not in the target, by cause, with a remedy each. A card about one cause alone holds all of its codes, one a line. */
export function failuresCard({ pipeline, groups, amount, suggestions, sandboxMaterials }: FailuresView): Card {
  const words = documentWords(pipeline);
  const [first] = groups;
  const alone = groups.length === 1 ? first : undefined;
  const remedies = groups.map((group) => remedyOf({ pipeline, ...group }));
  const form = remedies.find((remedy) => remedy.form)?.form;
  const buttons = [
    ...suggestions.map(({ map, source, found: { code: target } }) =>
      mapButton('near', { pipeline, map, source, target }, { source, target }),
    ),
    ...sandboxMaterials.map((code) =>
      button('create_material', 'create-sandbox-material', { code }, 'default', { code }),
    ),
    ...groups.flatMap((group, index) => buttonsOf(words, pipeline, group, remedies[index], alone !== undefined)),
  ];
  return {
    id: alone ? `failures-${alone.category}` : 'failures',
    title: phrase('cards.failures.title', {
      ...words,
      count: groups.reduce((sum, { count }) => sum + count, 0),
      amount: money(amount),
    }),
    tone: 'warn',
    blocks: [
      ...groups.map(
        (group, index): Block => ({
          type: 'fields',
          fields: fieldsOf(words, group, index + 1, remedies[index], suggestions, alone !== undefined),
        }),
      ),
      ...(alone && alone.subjects.length > 0 ? [{ type: 'text' as const, text: alone.subjects.join('\n') }] : []),
    ],
    buttons,
    ...(form ? { form } : {}),
  };
}

function buttonsOf(
  words: DocumentWords,
  pipeline: string,
  group: FailureGroup,
  remedy: Remedy | undefined,
  alone: boolean,
): Button[] {
  if (!remedy) return [];
  // The card that holds the codes needs no button for them.
  if (alone) return [remedy.retry, ...remedy.buttons.filter(({ action }) => action.name !== 'list-failures')];
  const retry = button('retry_one', 'retry-failures', { pipeline, category: group.category }, 'default', {
    ...words,
    category: categoryLabel(group.category),
    count: group.count,
  });
  return [...remedy.buttons, retry];
}

function fieldsOf(
  { document }: DocumentWords,
  group: FailureGroup,
  place: number,
  remedy: Remedy | undefined,
  suggestions: readonly Suggestion[],
  alone: boolean,
): Field[] {
  const { category, subjects, held } = group;
  const about = subjects.length > 0 && !alone;
  return [
    {
      label: `${place} ${categoryLabel(category)}`,
      value: phrase('cards.failures.head', { count: group.count, amount: money(group.amount) }),
    },
    ...(about ? [{ label: phrase('cards.failures.column.about'), value: someOf(subjects, 5) }] : []),
    { label: document, value: someOf(group.orders, 5) },
    { label: phrase('cards.failures.column.cause'), value: group.message },
    ...(remedy?.fields ?? []),
    ...suggestions
      .filter(({ code }) => subjects.includes(code))
      .map(({ code, found }) => ({
        label: phrase('remedies.field.near'),
        value: phrase('remedies.near', { code, target: found.code, name: found.name }),
      })),
    ...(held ? [{ label: phrase('remedies.field.held'), value: heldLabel(held) }] : []),
    { label: phrase('cards.failures.column.next'), value: group.next },
  ];
}

function heldLabel({ by, until }: NonNullable<FailureGroup['held']>): string {
  return until
    ? phrase('remedies.held_until', { by, until: toWall(until).slice(5, 16) })
    : phrase('remedies.held', { by });
}
