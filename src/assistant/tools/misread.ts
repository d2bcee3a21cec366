import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { choicesCard } from '../cards/cards.ts';
import type { Heard } from '../misreads.ts';
import { saying } from '../sayings.ts';
import { defineTool, said, type ToolContext } from './tool.ts';

const offered = 3;

/** Somebody says that a sentence was read wrongly: it is written down, masked, and the other readings are offered. */
export const misread = defineTool({
  name: 'misread',
  least: 'viewer',
  parameters: z.strictObject({ sentence: z.string().max(20).optional() }),
  answers: { misread: () => ({}) },
  async run({ sentence }, context) {
    const { memory, misreads, message } = context;
    const { heard } = await memory.recall(message);
    const wrong = sentence === undefined ? heard.at(-1) : heard.find(({ id }) => id === sentence);
    if (!wrong) return said(phrase('misread.nothing'), 'clarify');
    await misreads.report(wrong);
    const choices = await othersOf(wrong, context);
    const text = phrase(choices.length > 0 ? 'misread.which' : 'misread.noted');
    if (choices.length === 0) return said(text);
    return { action: 'clarify', reply: { text, card: choicesCard(text, choices) } };
  },
});

/** The reports as lines of the corpus, for the command line. */
export const listMisreads = defineTool({
  name: 'list-misreads',
  least: 'admin',
  writes: false,
  parameters: z.strictObject({}),
  async run(_args, { misreads }) {
    return said((await misreads.lines()).join('\n'));
  },
});

/** The likeliest other readings as sentences; before them how to stop what was begun by mistake. */
async function othersOf({ others, slots }: Heard, { sync, message }: ToolContext): Promise<string[]> {
  const mine = (await sync.runs.active()).some(({ requester }) => requester.person === message.person);
  const intents = [...(mine ? ['cancel_run'] : []), ...others];
  const sayings = intents.map((intent) => saying(intent, slots)).filter((one) => one !== null);
  return [...new Set(sayings)].slice(0, offered);
}
