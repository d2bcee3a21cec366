import { submitPlace } from '../form.ts';
import type { Card, Form, FormField } from '../message.ts';
import { escaped } from '../plain.ts';

const plain = (content: string): object => ({ tag: 'plain_text', content });

/** A form as Feishu's `form` container: it stands at the card's root, its parts have names that are unique on the card. */
export function drawForm({ id }: Card, { fields, submit }: Form): Record<string, unknown> {
  return {
    tag: 'form',
    name: 'form',
    elements: [
      ...fields.flatMap(drawField),
      {
        tag: 'button',
        name: submitPlace,
        text: plain(submit.label),
        type: submit.style,
        form_action_type: 'submit',
        behaviors: [{ type: 'callback', value: { card: id, button: submitPlace } }],
      },
    ],
  };
}

function drawField({ name, label, placeholder, options }: FormField): object[] {
  const hint = placeholder ? { placeholder: plain(placeholder) } : {};
  if (!options) return [{ tag: 'input', name, required: true, width: 'fill', label: plain(label), ...hint }];
  return [
    // A choice has no label of its own.
    { tag: 'markdown', content: escaped(label) },
    {
      tag: 'select_static',
      name,
      required: true,
      width: 'fill',
      ...hint,
      options: options.map((option) => ({ text: plain(option.label), value: option.value })),
    },
  ];
}
