import { z } from 'zod';
import { documentWords } from '../../documents.ts';
import { someOf, windowLabel } from '../../format.ts';
import { hasPhrase, phrase } from '../../phrases.ts';
import { mostRows, rangeName, sheetFile } from '../../reports/sheet.ts';
import { auditCard, auditCells } from '../cards/audit.ts';
import { goingOn, pageRows } from '../lists.ts';
import { callNames, peopleCalled } from '../people.ts';
import type { AuditFilter } from '../policy/audit.ts';
import { documentsNamed, each } from '../which-document.ts';
import { pageArgs, pipelineArgs, windowArgs, windowOf } from './arguments.ts';
import { defineTool, said, type ToolContext, take } from './tool.ts';

/** Entries that are told in words. */
const inWords = 5;

/** What people ask about, as the intents that do it; `resync-missing` answers none. */
const intentsOf: Readonly<Record<string, readonly string[]>> = {
  sync: ['sync'],
  retry: ['retry'],
  undo: ['undo', 'put_back'],
  map: ['set_master_data', 'undo_master_data'],
  schedule: ['set_schedule', 'pause_schedule', 'resume_schedule'],
  date: ['move_date', 'hold_closed'],
  alert: ['ack_alert', 'silence_alert', 'unsilence_alert'],
  stop: ['cancel_run', 'stop_writes', 'release_writes'],
};

const parameters = z.strictObject({
  ...windowArgs,
  orders: z.array(z.string()).max(50).optional(),
  /** The same as one text, as a button carries it. */
  order: z.string().max(2000).optional(),
  person: z.string().max(40).optional(),
  what: z.string().max(20).optional(),
  ...pageArgs,
  ...pipelineArgs,
});
type Args = z.infer<typeof parameters>;

/** Who did what, and what came of it: of a time, a person, documents, a kind of deed; the newest first. */
export const auditLog = defineTool({
  name: 'audit-log',
  least: 'operator',
  parameters,
  answers: { audit_log: (slots) => take(slots, 'start', 'end', 'orders', 'person', 'what', 'document') },
  async run(args, context) {
    const { audit, sql } = context;
    const asked = await askedFor(args, context);
    if ('nobody' in asked) return said(asked.nobody);
    const { filter, names, of } = asked;
    const offset = args.offset ?? 0;
    const { entries, total } = await audit.entries(filter, { offset, limit: pageRows });
    if (total === 0) return said(of ? phrase('audit.none_of', { of }) : phrase('audit.none'));
    const nameOf = await callNames(
      sql,
      entries.map(({ person }) => person),
    );
    const rows = entries.map((entry) => auditCells(entry, nameOf));
    const title = of ? phrase('audit.title_of', { of, count: total }) : phrase('audit.title', { count: total });
    const notes =
      names.length > 1 ? [phrase('audit.several', { name: args.person ?? '', people: names.join('、') })] : [];
    const lines = rows
      .slice(0, inWords)
      .map(([at, who, what, outcome]) => phrase('audit.line', { at, who, what, outcome }));
    const { orders, ...rest } = args;
    const given = { ...rest, ...(orders ? { order: orders.join(' ') } : {}) };
    const next = { tool: 'audit-log', args: given, offset: offset + rows.length, total };
    const reply = { text: [title, ...lines, ...notes].join('\n'), card: auditCard(title, rows, notes) };
    return {
      action: 'reply',
      ...(filter.keys ? { orders: [...filter.keys] } : {}),
      reply: goingOn(reply, next, rows.length),
      list: next,
    };
  },
  async file(args, context) {
    const asked = await askedFor(args, context);
    if ('nobody' in asked) return null;
    const { entries, total } = await context.audit.entries(asked.filter, { offset: 0, limit: mostRows });
    const nameOf = await callNames(context.sql, [...new Set(entries.map(({ person }) => person))]);
    return await sheetFile({
      name: phrase('list.file.audit', { range: rangeName(windowOf(args) ?? null) }),
      columns: ['at', 'who', 'what', 'outcome'],
      rows: entries.map((entry) => auditCells(entry, nameOf)),
      total,
    });
  },
});

type Asked = { filter: AuditFilter; names: string[]; of: string } | { nobody: string };

/** What is asked about, and how it is called; else that nobody is called so. */
async function askedFor(args: Args, context: ToolContext): Promise<Asked> {
  const { audit, sql, message } = context;
  const everybody = await audit.people();
  const me = { person: message.person, name: (await callNames(sql, [message.person]))(message.person) };
  const people = args.person === '我' ? [me] : args.person ? await peopleCalled(sql, args.person, everybody) : null;
  if (people?.length === 0) return { nobody: await nobody(args.person ?? '', everybody, context) };
  const orders = args.orders ?? args.order?.split(' ');
  const names = [...new Set(people?.map(({ name }) => name))];
  return {
    filter: {
      window: windowOf(args),
      people: people?.map(({ person }) => person),
      tools: args.what ? toolsFor(args.what, context) : undefined,
      pipeline: args.pipeline,
      keys: orders && (await keysOf(orders, args, context)),
    },
    names,
    of: scopeOf({ ...args, orders }, names),
  };
}

/** What the ledger calls these documents, beside what they were called. */
async function keysOf(numbers: readonly string[], { pipeline }: Args, { sync }: ToolContext): Promise<string[]> {
  const known = each(await documentsNamed(numbers, pipeline, sync));
  return [...new Set([...known.map(({ key }) => key), ...numbers])];
}

function toolsFor(what: string, { tools }: ToolContext): string[] | undefined {
  const intents = intentsOf[what];
  if (!intents) return undefined;
  const own = [...tools.values()].filter(({ answers = {} }) => intents.some((intent) => intent in answers));
  return [...own.map(({ name }) => name), ...(what === 'sync' ? ['resync-missing'] : [])];
}

async function nobody(name: string, everybody: readonly string[], { sql }: ToolContext): Promise<string> {
  if (everybody.length === 0) return phrase('audit.nobody_at_all');
  const nameOf = await callNames(sql, everybody);
  return phrase('audit.nobody', { name, people: someOf([...new Set(everybody.map(nameOf))], 5) });
}

/** 「11-23（周一）00:00 → 24:00、王小红、对照」 */
function scopeOf({ orders, what, pipeline, ...args }: Args, people: readonly string[]): string {
  const window = windowOf(args);
  return [
    window ? windowLabel(window.start, window.end) : '',
    people.join('、'),
    pipeline ? documentWords(pipeline).document : '',
    orders ? phrase('audit.of.order', { orders: someOf(orders, 3) }) : '',
    what && hasPhrase(`audit.what.${what}`) ? phrase(`audit.what.${what}`) : '',
  ]
    .filter(Boolean)
    .join(phrase('audit.of.separator'));
}
