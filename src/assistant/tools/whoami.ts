import { z } from 'zod';
import type { Field, Message } from '../../channels/message.ts';
import { allPhrases, hasPhrase, phrase } from '../../phrases.ts';
import { callNames } from '../people.ts';
import { mayUse, type Role } from '../policy/roles.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const deed = 'whoami.deed.';

/** Who asks, what they may do here and why, and the lines that settings files want. Everybody may ask: who has no role, too. */
export const whoami = defineTool({
  name: 'whoami',
  least: 'none',
  parameters: z.strictObject({}),
  answers: { whoami: () => ({}) },
  async run(_args, context) {
    const { message, roles, sql } = context;
    const { person, conversation } = message;
    const name = message.name ?? (await callNames(sql, [person]))(person);
    const { role, from } = roles.grant(message);
    const { can, cannot } = deedsOf(role, context);
    const [channel = '', id = ''] = person.split(/:(.*)/s);
    const title = phrase('whoami.title', { name });
    const words = {
      who: `${phrase(`whoami.channel.${channel}`)} ${id}`,
      role: phrase('whoami.role', { role: phrase(`replies.role.${role}`), code: role }),
      from: phrase(`whoami.from.${from}`),
    };
    const may = mayIn(role, can);
    const mayNot = cannot.length > 0 ? [phrase('whoami.cannot', { deeds: cannot.join('、') })] : [];
    const where = phrase(`whoami.where.${placeOf(message)}`, { conversation });
    const fields = [
      { label: phrase('whoami.field.id'), value: words.who },
      { label: phrase('whoami.field.role'), value: `${words.role} · ${words.from}` },
      { label: phrase('whoami.field.can'), value: may },
      ...mayNot.map((value) => ({ label: phrase('whoami.field.cannot'), value })),
      ...(placeOf(message) === 'group' ? [{ label: phrase('whoami.field.group'), value: conversation }] : []),
    ];
    return {
      action: 'reply',
      reply: {
        text: `${title}：${phrase('whoami.text', { ...words, may: [may, ...mayNot].join('；'), where })}`,
        card: {
          id: 'whoami',
          title,
          tone: 'neutral',
          blocks: [
            { type: 'fields', fields },
            { type: 'fields', fields: linesFor(message) },
          ],
          buttons: [],
          note: phrase('whoami.note'),
        },
      },
    };
  },
});

/** What a role may do and what not, as ROLES_FILE has it now: in the order of the words for it, then what has a sentence only. */
function deedsOf(role: Role, { tools, roles }: ToolContext): { can: string[]; cannot: string[] } {
  const worded = [...allPhrases().keys()].filter((key) => key.startsWith(deed)).map((key) => key.slice(deed.length));
  const others = [...tools.values()].filter(({ name, writes }) => writes && !worded.includes(name));
  const all = [...worded.flatMap((name) => tools.get(name) ?? []), ...others];
  const may = ({ name, least }: Tool): boolean => mayUse(role, roles.least(name, least));
  const said = (some: Tool[]): string[] =>
    some.flatMap(({ name }) => {
      const key = [`${deed}${name}`, `tools.${name}`].find(hasPhrase);
      return key ? [phrase(key)] : [];
    });
  return { can: said(all.filter(may)), cannot: said(all.filter((tool) => !may(tool))) };
}

function mayIn(role: Role, can: readonly string[]): string {
  if (!mayUse(role, 'viewer')) return phrase('whoami.nothing');
  return can.length > 0 ? phrase('whoami.can', { deeds: can.join('、') }) : phrase('whoami.looks');
}

function placeOf({ conversation, ...message }: Message): 'group' | 'private' | 'page' | 'terminal' {
  if (conversation.startsWith('web:')) return 'page';
  if (conversation.startsWith('terminal:')) return 'terminal';
  return message.private ? 'private' : 'group';
}

/** The very lines of ROLES_FILE and ALERTS_FILE, each with where it goes. */
function linesFor(message: Message): Field[] {
  const { person, conversation } = message;
  const roleOf = (id: string): string => `${JSON.stringify(id)}: operator`;
  const group = placeOf(message) === 'group';
  return [
    { label: phrase('whoami.paste.users'), value: roleOf(person) },
    ...(group
      ? [
          { label: phrase('whoami.paste.groups'), value: roleOf(conversation) },
          {
            label: phrase('whoami.paste.routes'),
            value: `- { to: [${JSON.stringify(conversation)}], mention: [${JSON.stringify(person)}] }`,
          },
        ]
      : []),
  ];
}
