import type { Card } from '../../channels/message.ts';
import { phrase } from '../../phrases.ts';
import type { StoredDocument } from '../../sync/ledger.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';

const linesOf = (documents: readonly StoredDocument[]): number =>
  documents.reduce((sum, { order }) => sum + order.raw.items.length, 0);
const joined = (documents: readonly StoredDocument[], of: (document: StoredDocument) => string): string =>
  documents.map(of).join('、');

/** The question before bills are taken back out: every order and every bill by its number. */
export const undoQuestion = (documents: readonly StoredDocument[]): string =>
  phrase('replies.confirm_undo', {
    order: joined(documents, ({ key }) => key),
    number: joined(documents, ({ billNumber }) => billNumber),
    lines: linesOf(documents),
  });

/** The same as a card; `beside` is said of orders that have no bill. */
export function undoCard(id: string, documents: readonly StoredDocument[], beside: string): Card {
  const field = (label: string, value: string): { label: string; value: string } => ({
    label: phrase(`cards.undo.${label}`),
    value,
  });
  return {
    id: `confirm-${id}`,
    title: phrase('cards.undo.title', { number: joined(documents, ({ billNumber }) => billNumber) }),
    tone: 'warn',
    blocks: [
      ...(beside ? [{ type: 'text' as const, text: beside }] : []),
      {
        type: 'fields',
        fields: [
          field(
            'order',
            joined(documents, ({ key, order }) => `${key} · ${order.shopName}`),
          ),
          field(
            'bill',
            joined(documents, ({ billNumber }) => billNumber),
          ),
          field('steps', phrase('cards.undo.steps_value')),
          field('after', phrase('withdrawn.stays')),
        ],
      },
    ],
    buttons: [
      {
        label: phrase('cards.button.undo'),
        style: 'danger',
        action: { name: 'confirm', args: { id } },
        say: phrase('cards.say.undo'),
      },
      {
        label: phrase('cards.button.cancel'),
        style: 'default',
        action: { name: 'reject', args: { id } },
        say: phrase('cards.say.cancel'),
      },
    ],
    note: phrase('cards.undo.note', { minutes: confirmationMinutes }),
  };
}
