import type { Card } from '../../channels/message.ts';
import { documentWords } from '../../documents.ts';
import { windowLabel } from '../../format.ts';
import { hasPhrase, phrase } from '../../phrases.ts';
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

/** The arguments of a call as a person reads them: a range in absolute times, the name of a map or of a cause instead of its code. */
export function argumentFields(args: object): { label: string; value: string }[] {
  const { start, end, ...rest } = args as Record<string, unknown>;
  const range =
    typeof start === 'string' && typeof end === 'string'
      ? [{ label: phrase('tools.argument.range'), value: windowLabel(new Date(start), new Date(end)) }]
      : [];
  const others = Object.entries(rest).map(([name, value]) => ({
    label: hasPhrase(`tools.argument.${name}`) ? phrase(`tools.argument.${name}`) : name,
    value: name === 'pipeline' ? documentWords(String(value)).document : [value].flat().map(inWords).join('、'),
  }));
  return [...range, ...others];
}

function inWords(value: unknown): string {
  const key = [`replies.map.${value}`, `cards.category.${value}`].find(hasPhrase);
  return key ? phrase(key) : String(value);
}
