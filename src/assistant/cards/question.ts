import type { Card } from '../../channels/message.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { button, confirmNote } from './cards.ts';

/** The question before a write of settings or dates: what it would change, and a yes or no that holds for ten minutes. */
export function questionCard(
  id: string,
  title: string,
  fields: { label: string; value: string }[] = [],
  fourEyes = false,
): Card {
  return {
    id: `confirm-${id}`,
    title,
    tone: 'warn',
    blocks: fields.length > 0 ? [{ type: 'fields', fields }] : [],
    buttons: [button('yes', 'confirm', { id }, 'primary'), button('cancel', 'reject', { id })],
    note: confirmNote(confirmationMinutes, fourEyes),
  };
}
