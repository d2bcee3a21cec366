import type { Reply } from '../../src/channels/message.ts';

/** What a card says, field by field. */
export const fieldsOf = ({ card }: Reply): Record<string, string> =>
  Object.fromEntries(
    (card?.blocks ?? []).flatMap((block) =>
      block.type === 'fields' ? block.fields.map(({ label, value }): [string, string] => [label, value]) : [],
    ),
  );

/** The rows of a card's tables. */
export const rowsOf = ({ card }: Reply): string[][] =>
  (card?.blocks ?? []).flatMap((block) => (block.type === 'table' ? block.rows : []));
