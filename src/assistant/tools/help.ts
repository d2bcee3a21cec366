import { z } from 'zod';
import type { Button, Card } from '../../channels/message.ts';
import { documentNames } from '../../documents.ts';
import { allPhrases, hasPhrase, phrase } from '../../phrases.ts';
import { intentNamed, intents } from '../intents/index.ts';
import { mayUse } from '../policy/roles.ts';
import { example } from '../sayings.ts';
import { kindsOf } from '../which-document.ts';
import { defineTool, type ToolContext } from './tool.ts';

const groups: readonly string[] = [...allPhrases().keys()].flatMap(
  (key) => /^help\.group\.(\w+)\.title$/.exec(key)?.[1] ?? [],
);
const rest = 'other';
const sayable = 4;

interface Item {
  intent: string;
  sentence: string;
}

/** What whoever asks can do here, a group at a time, each thing as a sentence that is read as it again. */
export const help = defineTool({
  name: 'help',
  least: 'viewer',
  parameters: z.strictObject({ group: z.string().max(20).optional() }),
  answers: { help: () => ({}) },
  async run({ group }, context) {
    const items = itemsFor(context);
    const chosen = groups.find((name) => name === group);
    if (chosen) return { action: 'reply', reply: groupPage(chosen, items.get(chosen) ?? []) };
    return { action: 'reply', reply: firstPage(items, context) };
  },
});

/** By group, what some tool answers and this person may use. */
function itemsFor({ tools, roles, message }: ToolContext): Map<string, Item[]> {
  const items = new Map<string, Item[]>(groups.map((name) => [name, []]));
  const may = (intent: string): boolean =>
    [...tools.values()].some(
      ({ name, least, answers }) => answers?.[intent] && mayUse(roles.of(message), roles.least(name, least)),
    );
  const grouped = new Map(groups.flatMap((name) => membersOf(name).map((intent) => [intent, name])));
  for (const intent of [...grouped.keys(), ...intents.keys()]) {
    const sentence = example(intent);
    const place = items.get(grouped.get(intent) ?? rest);
    if (intent === 'help' || !sentence || !may(intent) || place?.some((item) => item.intent === intent)) continue;
    place?.push({ intent, sentence });
  }
  return items;
}

const membersOf = (group: string): string[] => phrase(`help.group.${group}.intents`).split(' ');
const titleOf = (group: string): string => phrase(`help.group.${group}.title`);

function firstPage(items: ReadonlyMap<string, readonly Item[]>, context: ToolContext): { text: string; card: Card } {
  const shown = [...items].filter(([, { length }]) => length > 0);
  const lines = shown.map(([group, of]) =>
    phrase('help.line', { title: titleOf(group), sentences: of.map(({ sentence }) => sentence).join(' / ') }),
  );
  const title = phrase('help.title', {
    documents: documentNames(kindsOf(context.sync)),
    role: phrase(`replies.role.${context.roles.of(context.message)}`),
  });
  const card: Card = {
    id: 'help',
    title,
    tone: 'neutral',
    blocks: [
      { type: 'text', text: phrase('help.intro') },
      {
        type: 'fields',
        fields: shown.map(([group, [first]]) => ({ label: titleOf(group), value: first?.sentence ?? '' })),
      },
    ],
    buttons: shown.map(([group, { length }]) => ({
      label: phrase('help.button', { title: titleOf(group), count: length }),
      style: 'default',
      action: { name: 'help', args: { group } },
      say: phrase('help.say'),
    })),
    note: connectedTo(context),
  };
  return { text: [title, ...lines, connectedTo(context)].join('\n'), card };
}

/** Every sentence of a group; what only looks can be pressed at once. */
function groupPage(group: string, items: readonly Item[]): { text: string; card: Card } {
  const title = phrase('help.group_title', { title: titleOf(group) });
  const lines = items.map(({ sentence }) => `· ${sentence}`);
  const buttons = items
    .filter(({ intent }) => intentNamed(intent).effect === 'reads' && hasPhrase(`intents.${intent}.bare`))
    .slice(0, sayable)
    .map(
      ({ sentence }): Button => ({
        label: sentence,
        style: 'default',
        action: { name: 'say', args: { text: sentence } },
        say: sentence,
      }),
    );
  return {
    text: [title, ...lines].join('\n'),
    card: {
      id: `help-${group}`,
      title,
      tone: 'neutral',
      blocks: [{ type: 'text', text: lines.join('\n') }],
      buttons,
      note: phrase('help.hint'),
    },
  };
}

function connectedTo({ sandbox, connected }: Pick<ToolContext, 'sandbox' | 'connected'>): string {
  const { channels, model } = connected();
  const what = [
    phrase(sandbox ? 'help.sandbox' : 'help.real'),
    ...channels.map((name) => phrase(`alerts.channel.${name}`)),
    phrase(model ? 'help.model_on' : 'help.model_off'),
  ];
  return phrase('help.connected', { what: what.join('、') });
}
