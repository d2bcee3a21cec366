import type { Card, Form } from '../message.ts';
import { blockInMarkdown, escaped, sayLine, truncated } from '../plain.ts';

const colors: Readonly<Record<string, string>> = { primary: 'blue', default: 'gray', danger: 'red' };
const longest = 6000;

/**
 * A card as the variables of docs/dingtalk-card-template.md. All values are strings, as the platform wants them: `title`, `tone`,
 * `markdown`, `note`, `buttons` (JSON), and `form` (JSON) with `form_btn_text` for the platform's form component. `sys_full_json_obj`
 * says the buttons in the words of the platform's own button templates.
 */
export function cardParams(card: Card): Record<string, string> {
  const { form } = card;
  // Clients that are older than forms read how to say it.
  const said = form ? [sayLine(form.submit)] : [];
  const markdown = [...card.blocks.map(blockInMarkdown), ...said].join('\n\n');
  const buttons = card.buttons.map(({ label, style }, index) => ({
    id: `b${index}`,
    text: label,
    color: colors[style] ?? 'gray',
    request: true,
    status: 'normal',
    event: { type: 'sendCardRequest', params: { actionId: `b${index}`, params: {} } },
  }));
  return {
    title: card.title,
    tone: card.tone,
    markdown: truncated(markdown, longest),
    note: card.note ? escaped(card.note) : '',
    buttons: JSON.stringify(buttons),
    form: form ? JSON.stringify(formFields(form)) : '',
    form_btn_text: form?.submit.label ?? '',
    sys_full_json_obj: JSON.stringify({ msgButtons: buttons }),
  };
}

function formFields({ fields }: Form): object {
  return {
    fields: fields.map(({ name, label, placeholder = '', options }) => ({
      name,
      label,
      placeholder,
      required: true,
      type: options ? 'SELECT' : 'TEXT',
      ...(options ? { options: options.map((option) => ({ value: option.value, text: option.label })) } : {}),
    })),
  };
}
