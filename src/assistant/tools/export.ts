import { z } from 'zod';
import type { Card } from '../../channels/message.ts';
import { phrase } from '../../phrases.ts';
import { choicesCard } from '../cards/cards.ts';
import type { Listed } from '../lists.ts';
import { saying } from '../sayings.ts';
import { windowArgs } from './arguments.ts';
import { defineTool, type ListFile, said, type ToolContext, type ToolResult, take } from './tool.ts';

/** Lists that are offered where none was shown yet. */
const offered = ['list_failures', 'list_orders', 'report'];

/** The whole of what was listed last as a file: in a chat it is sent, on the page and in the terminal there is a link. */
export const exportList = defineTool({
  name: 'export',
  least: 'viewer',
  parameters: z.strictObject({
    ...windowArgs,
    /** Listed just now; without it what was listed last. */
    list: z.strictObject({ tool: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
  }),
  answers: { export: (slots) => take(slots, 'start', 'end') },
  async run({ list: given, ...args }, context) {
    const list = given ?? (await context.memory.recall(context.message)).list;
    if (!list || !isOf(list, args)) return ask(args);
    const file = await context.fileOf(list.tool, list.args);
    return file ? await hand(file, list, context) : said(phrase('list.not_ready'));
  },
});

type Range = { start?: string | undefined; end?: string | undefined };

/** Whether a list is about the days that are asked for, where any are. */
const isOf = ({ args }: Pick<Listed, 'args'>, { start, end }: Range): boolean =>
  !start || !end || (instant(args.start) === instant(start) && instant(args.end) === instant(end));
const instant = (value: unknown): number => Date.parse(String(value));

function ask({ start, end }: Range): ToolResult {
  const slots = start && end ? { start, end } : {};
  const text = phrase('list.which');
  const choices = offered.map((intent) => saying(intent, slots)).filter((one) => one !== null);
  return { action: 'clarify', reply: { text, card: choicesCard(text, choices) } };
}

async function hand(
  file: ListFile,
  { tool, args }: Pick<Listed, 'tool' | 'args'>,
  context: ToolContext,
): Promise<ToolResult> {
  const { message, sendFile, pageUrl } = context;
  const { name, rows } = file;
  const path = `/api/v1/files/${tool}?args=${encodeURIComponent(JSON.stringify(args))}`;
  if (/^(?:dingtalk|feishu):/.test(message.conversation)) {
    await sendFile(message.conversation, file, path);
    return said(phrase('list.sent', { name, rows }));
  }
  const title = phrase('list.ready', { name, rows });
  const link = { type: 'link' as const, text: phrase('list.download', { name }), path };
  const card: Card = { id: 'list-file', title, tone: 'good', blocks: [link], buttons: [] };
  return { action: 'reply', reply: { text: `${title}${pageUrl()}${path}`, card } };
}
