import { describe, expect, test } from 'vitest';
import { intents } from '../../src/assistant/intents/index.ts';
import type { Slots } from '../../src/assistant/language/slots.ts';
import { understand } from '../../src/assistant/language/understand.ts';
import { example, saying } from '../../src/assistant/sayings.ts';
import { allPhrases } from '../../src/phrases.ts';

const now = '2026-11-24T15:00:00+08:00';
const day = { start: '2026-11-22T00:00:00+08:00', end: '2026-11-23T00:00:00+08:00' };
const scopes: Record<string, Slots> = {
  'a day': day,
  days: { ...day, start: '2026-11-20T00:00:00+08:00' },
  hours: { start: '2026-11-22T08:00:00+08:00', end: '2026-11-22T12:00:00+08:00' },
  'an order': { orders: ['261123005'] },
  orders: { orders: ['261123005', '261123006'] },
  'a shop on a day': { ...day, shop: '青禾旗舰店' },
};

/** What a sentence is read as; nothing where it would be asked what it is. */
const readAs = (text: string) => {
  const { intent, ask, slots } = understand({ text, now });
  return { intent: ask && ['unknown', 'which_reading', 'other_document'].includes(ask) ? ask : intent, slots };
};

describe('what a button says or help shows is read as what it stands for', () => {
  const named = [...intents.keys()].flatMap((intent) => {
    const sentence = example(intent);
    return sentence ? [[intent, sentence]] : [];
  });
  test.each(named)('%s: 「%s」', (intent, sentence) => expect(readAs(sentence ?? '').intent).toBe(intent));

  const scoped = [...intents.values()].flatMap(({ name, slots: takes = [] }) =>
    Object.entries(scopes).flatMap(([what, slots]) => {
      const sentence = saying(name, slots);
      const apt = Object.keys(slots).every((slot) => takes.includes(slot));
      return sentence && apt ? [[name, what, sentence, slots] as const] : [];
    }),
  );
  test.each(scoped)('%s with %s: 「%s」', (intent, _what, sentence, slots) => {
    const read = readAs(sentence);
    expect(read.intent).toBe(intent);
    expect(read.slots).toMatchObject(slots);
  });

  const choices = [...allPhrases()].filter(([key]) => key.startsWith('replies.choice.'));
  test.each(choices)('%s: 「%s」', (_key, sentence) =>
    expect(['sync', 'list_failures', 'explain_mapping']).toContain(readAs(sentence).intent),
  );
});

test('every intent that is asked about by name has a sentence', () => {
  const said = new Set([...allPhrases().keys()].flatMap((key) => /^intents\.(\w+)\./.exec(key)?.[1] ?? []));
  for (const intent of said) expect(intents.has(intent), intent).toBe(true);
});
