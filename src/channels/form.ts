import type { ButtonAction, Form } from './message.ts';

/** How a press names the button that hands a form in; the others are named by their place. */
export const submitPlace = 'submit';

const longest = 500;

/** The texts among what a platform says was filled in. A choice may come as its `value` or as an object that has it. */
export function filledIn(values: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, given] of Object.entries((values ?? {}) as object)) {
    const value = typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
    if (typeof value === 'string' && value.trim() !== '') texts[name] = [...value.trim()].slice(0, longest).join('');
  }
  return texts;
}

/** What a form that was handed in asks for: its button's action, with its own fields and nothing else joined to the arguments. */
export function submitted({ fields, submit }: Form, filled: Readonly<Record<string, string>>): ButtonAction {
  const own = fields.flatMap(({ name }) => {
    const value = Object.hasOwn(filled, name) ? filled[name] : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return { name: submit.action.name, args: { ...submit.action.args, ...Object.fromEntries(own) } };
}
