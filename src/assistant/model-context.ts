import type { DialogueState } from './language/dialogue.ts';
import type { Understanding } from './language/understanding.ts';

/** How a sentence was read, and what is spoken of, for the model: as data, and without the people in it. */
export function contextOf({ intent, slots, unread, readings }: Understanding, state: DialogueState): string {
  const { person: _person, ...said } = slots;
  const { last, orders, shop, question } = state;
  return JSON.stringify({
    reading: { intent, slots: said, ...(unread ? { unread } : {}), ...(readings ? { likeliest: readings } : {}) },
    focus: {
      ...(last ? { intent: last.intent, slots: { ...last.slots, person: undefined } } : {}),
      ...(orders.length > 0 ? { orders: orders.slice(0, 20) } : {}),
      ...(shop ? { shop } : {}),
      ...(question ? { question: question.intent } : {}),
    },
  });
}
