import type { Card } from '../message.ts';
import { blockInMarkdown, escaped, truncated } from '../plain.ts';

const colors: Readonly<Record<string, string>> = { primary: 'blue', default: 'gray', danger: 'red' };
const longest = 6000;

/**
 * A card as the variables of docs/dingtalk-card-template.md. All values are strings, as the platform wants them: `title`, `tone`,
 * `markdown`, `note`, `buttons` (JSON). `sys_full_json_obj` says the buttons in the words of the platform's own button templates.
 */
export function cardParams(card: Card): Record<string, string> {
  const markdown = card.blocks.map(blockInMarkdown).join('\n\n');
  const buttons = card.buttons.map(({ label, style }, index) => ({
    id: `b${index}`,
    text: label,
    color: colors[style] ?? 'gray',
    request: true,
  }));
  return {
    title: card.title,
    tone: card.tone,
    markdown: truncated(markdown, longest),
    note: card.note ? escaped(card.note) : '',
    buttons: JSON.stringify(buttons),
    sys_full_json_obj: JSON.stringify({ msgButtons: buttons }),
  };
}
