import type { Card } from '../../channels/message.ts';
import { type DocumentWords, documentWords } from '../../documents.ts';
import { phrase } from '../../phrases.ts';
import type { KnownDocument } from '../../sync/ledger.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';

/** They are of one kind. */
const wordsOf = ([first]: readonly KnownDocument[]): DocumentWords => documentWords(first?.pipeline ?? '');
const linesOf = (documents: readonly KnownDocument[]): number =>
  documents.reduce((sum, { order }) => sum + order.raw.items.length, 0);
const joined = (documents: readonly KnownDocument[], of: (document: KnownDocument) => string): string =>
  documents.map(of).join('、');

/** The question before bills are taken back out: every order and every bill by its number. */
export const undoQuestion = (documents: readonly KnownDocument[], again: boolean): string =>
  phrase(again ? 'replies.confirm_rewrite' : 'replies.confirm_undo', {
    ...wordsOf(documents),
    order: joined(documents, ({ key }) => key),
    number: joined(documents, ({ billNumber }) => billNumber),
    lines: linesOf(documents),
  });

/** The same as a card; `beside` is said of orders that have no bill. */
export function undoCard(id: string, documents: readonly KnownDocument[], beside: string, again: boolean): Card {
  const field = (label: string, value: string): { label: string; value: string } => ({
    label: phrase(`cards.undo.${label}`),
    value,
  });
  return {
    id: `confirm-${id}`,
    title: phrase(again ? 'cards.undo.rewrite_title' : 'cards.undo.title', {
      number: joined(documents, ({ billNumber }) => billNumber),
    }),
    tone: 'warn',
    blocks: [
      ...(beside ? [{ type: 'text' as const, text: beside }] : []),
      {
        type: 'fields',
        fields: [
          {
            label: wordsOf(documents).document,
            value: joined(documents, ({ key, order }) => `${key} · ${order.shopName}`),
          },
          field(
            'bill',
            joined(documents, ({ billNumber }) => billNumber),
          ),
          field('steps', phrase(again ? 'cards.undo.rewrite_steps' : 'cards.undo.steps_value')),
          ...(again ? [] : [field('after', phrase('withdrawn.stays'))]),
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
