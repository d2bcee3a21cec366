import { z } from 'zod';
import type { Block, Card } from '../../channels/message.ts';
import { Decimal } from '../../decimal.ts';
import { documentWords } from '../../documents.ts';
import { type FailureCategory, failureCategories } from '../../errors.ts';
import { money, someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { notRead, readButtons } from '../../reports/coverage.ts';
import { failedPage, failedSheet, failureFigures } from '../../reports/failures.ts';
import { amountOf } from '../../reports/orders.ts';
import { mostRows, sheetFile } from '../../reports/sheet.ts';
import { stating } from '../../reports/stated.ts';
import { daysRead } from '../../sync/coverage.ts';
import type { DocumentState } from '../../sync/document.ts';
import { namedRun } from '../../sync/run.ts';
import type { Window } from '../../sync/window.ts';
import { categoryLabel } from '../cards/cards.ts';
import { failuresCard } from '../cards/failures.ts';
import { argumentFields, questionCard } from '../cards/question.ts';
import { withdrawnIn } from '../cards/withdrawn.ts';
import type { Slots } from '../language/slots.ts';
import { goingOn, pageRows } from '../lists.ts';
import { callNames } from '../people.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { exceeds } from '../policy/roles.ts';
import { suggestionsFor } from '../suggestions.ts';
import { documentsNamed, each, kindsOf, whichKind } from '../which-document.ts';
import { pageArgs, pipelineArgs, pipelineOf, windowArgs, windowOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

/** What is tried no more, whatever was wrong with it. */
const over: readonly DocumentState[] = ['done', 'skipped', 'cancelled', 'withdrawn'];

/** Codes that similar ones are looked up for: on the list of everything, and on the card of one cause. */
const suggested = { all: 3, alone: 10 };

const failuresArgs = z.strictObject({
  ...pipelineArgs,
  category: z.enum(failureCategories).optional(),
  ...windowArgs,
  ...pageArgs,
});

/** By shop, warehouse or day: that is told by the report, which has failures beside what got there. */
export const grouped = ({ groupBy, errorKind }: Slots): boolean =>
  !errorKind && groupBy !== undefined && groupBy !== 'reason';

/** Of one shop or warehouse: that is told by its orders. */
export const placed = ({ shop, warehouse }: Slots): boolean => Boolean(shop ?? warehouse);

/** What is not in the target yet, by cause; its pages are the documents themselves. */
export const listFailures = defineTool({
  name: 'list-failures',
  least: 'viewer',
  parameters: failuresArgs,
  answers: {
    list_failures: (slots) =>
      grouped(slots) || placed(slots)
        ? null
        : { ...(slots.errorKind ? { category: slots.errorKind } : {}), ...take(slots, 'start', 'end', 'document') },
  },
  async run({ offset, ...args }, context) {
    const { sync, sql, sandbox, settings, now } = context;
    const pipeline = pipelineOf(args, context);
    const words = documentWords(pipeline);
    const window = windowOf(args);
    // Nothing is known to have failed of what was not read.
    const days = window ? await daysRead(sql, pipeline, window, now()) : [];
    const missing = notRead(days);
    const open = (await sync.outcomes.openFailures(pipeline, window)).filter(
      ({ category }) => !args.category || category === args.category,
    );
    const nameOf = await callNames(
      sql,
      open.flatMap(({ held }) => held?.by ?? []),
    );
    const groups = open.map((group) =>
      group.held ? { ...group, held: { ...group.held, by: nameOf(group.held.by) } } : group,
    );
    const cancelled = await sync.outcomes.cancelled(pipeline);
    const others = args.pipeline ? '' : await otherKinds(pipeline, { category: args.category, window }, context);
    const also = `${
      cancelled.length > 0
        ? phrase('replies.cancelled_after', {
            count: cancelled.length,
            orders: cancelled
              .slice(0, 5)
              .map(({ key }) => key)
              .join('、'),
          })
        : ''
    }${others}`;
    const state = stating(window ?? null, days);
    const figures = failureFigures(groups, cancelled.length, state);
    if (groups.length === 0) {
      const none = args.category
        ? phrase('replies.no_such_failures', { ...words, category: categoryLabel(args.category) })
        : phrase('replies.no_failures', words);
      const text = `${none}${also}${missing}`;
      if (missing === '') return { ...said(text), figures };
      const blocks: Block[] = [{ type: 'text', text: missing }];
      const card: Card = { id: 'failures', title: none, tone: 'neutral', blocks, buttons: readButtons(days, pipeline) };
      return { action: 'reply', reply: { text, card }, figures };
    }
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    const list = { tool: 'list-failures', args: { ...args, pipeline }, total: count };
    if (offset !== undefined) {
      const page = { offset, limit: pageRows };
      const documents = await sync.outcomes.failedDocuments(pipeline, { category: args.category, window }, page);
      const next = { ...list, offset: offset + documents.length };
      const reply = goingOn(failedPage(pipeline, documents, { total: count, offset }), next, documents.length);
      figures.push(...documents.map(({ key, amount }) => state('failed_amount', amount, 'yuan', { order: key })));
      return { action: 'reply', reply, orders: documents.map(({ key }) => key), list: next, figures };
    }
    const amount = groups.reduce((sum, group) => sum.plus(group.amount), new Decimal(0)).toFixed(2);
    const causes = groups
      .map(({ category, count, subjects }) =>
        phrase(subjects.length > 0 ? 'replies.cause_about' : 'replies.cause', {
          category: categoryLabel(category),
          count,
          about: someOf(subjects, 3),
        }),
      )
      .join('、');
    const sandboxMaterials = sandbox
      ? (groups.find((group) => group.category === 'material_missing')?.subjects ?? []).slice(0, 3)
      : [];
    const text = phrase('replies.failures', { ...words, count, amount: money(amount), causes });
    const most = args.category ? suggested.alone : suggested.all;
    const suggestions = await suggestionsFor({ sync, settings }, pipeline, groups, most);
    const card = failuresCard({ pipeline, groups, amount, suggestions, sandboxMaterials });
    for (const text of [others, missing]) if (text) card.blocks.unshift({ type: 'text', text });
    card.buttons.push(...readButtons(days, pipeline));
    return {
      action: 'reply',
      reply: { text: `${text}${also}${missing}`, card },
      list: { ...list, offset: 0 },
      figures,
    };
  },
  async file({ category, ...args }, context) {
    const { sync, sql, now } = context;
    const pipeline = pipelineOf(args, context);
    const window = windowOf(args);
    const notes = window ? [notRead(await daysRead(sql, pipeline, window, now()))].filter(Boolean) : [];
    const total = (await sync.outcomes.failedKeys(pipeline, { category, window })).length;
    const all = await sync.outcomes.failedDocuments(pipeline, { category, window }, { offset: 0, limit: mostRows });
    return await sheetFile(failedSheet(pipeline, all, total, window ?? null, notes));
  },
});

/** What failed of the other kinds, in a sentence: a person who asks what failed means no kind to be left out unseen. */
async function otherKinds(
  pipeline: string,
  filter: { category?: FailureCategory | undefined; window?: Window | undefined },
  { sync }: ToolContext,
): Promise<string> {
  const counted = await Promise.all(
    kindsOf(sync).map(async (id) => ({
      ...documentWords(id),
      count: id === pipeline ? 0 : (await sync.outcomes.failedKeys(id, filter)).length,
    })),
  );
  return counted.map((one) => (one.count > 0 ? phrase('replies.failures_besides', one) : '')).join('');
}

/** Tries failed documents again: those of a run, of a cause, about a code, or all. They are read afresh and looked up before anything is sent. */
export const retryFailures = defineTool({
  name: 'retry-failures',
  least: 'operator',
  asks: true,
  parameters: z.strictObject({
    ...pipelineArgs,
    run: z.string().optional(),
    subject: z.string().optional(),
    category: z.enum(failureCategories).optional(),
    except: z.enum(failureCategories).optional(),
    orders: z.array(z.string()).optional(),
    ...windowArgs,
  }),
  answers: {
    retry: (slots) => ({
      ...(slots.errorKind ? { category: slots.errorKind } : {}),
      ...(slots.excludeErrorKind ? { except: slots.excludeErrorKind } : {}),
      ...take(slots, 'orders', 'start', 'end', 'document'),
    }),
  },
  async run(args, context) {
    const { sync, message, now, trigger } = context;
    const view = args.run ? await sync.view(args.run) : null;
    const named = args.orders && each(await documentsNamed(args.orders, args.pipeline, sync));
    const open = named?.filter(({ error, state }) => error !== null && !over.includes(state)) ?? [];
    const which = whichKind('retry', open);
    if (which) return which;
    const first = view?.run.pipeline ?? (open[0] ?? named?.[0])?.pipeline;
    const pipeline = pipelineOf({ pipeline: args.pipeline ?? first }, context);
    const { category, except, subject } = args;
    const orders = named?.flatMap((one) => (one.pipeline === pipeline ? [one.key] : []));
    const ofRun = view?.failures.flatMap((group) => group.orders);
    const failed = await sync.outcomes.failedKeys(pipeline, {
      category,
      except,
      subject,
      keys: orders,
      window: windowOf(args),
    });
    const keys = failed.filter((key) => !ofRun || ofRun.includes(key));
    const out = withdrawnIn('retry', await sync.outcomes.withdrawn(pipeline, { keys: orders ?? ofRun ?? [] }));
    if (keys.length === 0) return said(out || phrase('replies.nothing_to_retry'));
    const question = context.confirmed ? null : await askBefore(args, pipeline, keys, context);
    if (question) return question;
    for (const { target } of sync.pipelines.values()) target.forget();
    const started = await startRun(
      namedRun(
        {
          pipeline,
          kind: 'retry',
          trigger,
          requester: { person: message.person, conversation: message.conversation },
        },
        keys,
        now(),
      ),
      context,
    );
    return { ...started, reply: { ...started.reply, text: `${started.reply.text}${out}` } };
  },
});

/** The question before it, where it is large enough for one. A yes is to these orders, and to none that fail later. */
async function askBefore(
  args: {
    start?: string | undefined;
    end?: string | undefined;
    category?: string | undefined;
    subject?: string | undefined;
  },
  pipeline: string,
  orders: string[],
  { sql, roles, confirmations, message, mustConfirm }: ToolContext,
): Promise<ToolResult | null> {
  const amount = await amountOf(sql, pipeline, orders);
  const plan = { orders: orders.length, days: 0, amount };
  const fourEyes = roles.fourEyesAbove !== null && exceeds(plan, roles.fourEyesAbove);
  if (!mustConfirm && !fourEyes && !exceeds(plan, roles.confirmAbove)) return null;
  const id = await confirmations.ask(message, 'retry-failures', { pipeline, orders }, { fourEyes });
  const title = phrase('replies.retry.title', { count: orders.length, amount: money(amount) });
  const { start, end, category, subject } = args;
  const asked = Object.entries({ start, end, category, subject }).filter(([, value]) => value !== undefined);
  const fields = [
    ...argumentFields(Object.fromEntries(asked)),
    { label: phrase('tools.argument.orders'), value: someOf(orders, 5) },
  ];
  const text = phrase('replies.retry.confirm', { title, minutes: confirmationMinutes });
  return { action: 'confirm', reply: { text, card: questionCard(id, title, fields, fourEyes) } };
}

/** Creates a missing material in the sandbox's 金蝶, as somebody would do by hand in a real one. */
export const createSandboxMaterial = defineTool({
  name: 'create-sandbox-material',
  least: 'operator',
  writes: true,
  parameters: z.strictObject({ code: z.string().min(1).max(60) }),
  async run({ code }, { sandbox }) {
    if (!sandbox) return { action: 'reply', reply: { text: phrase('replies.sandbox_only') } };
    await sandbox.createMaterial(code);
    return { action: 'reply', reply: { text: phrase('replies.material_created', { code }) } };
  },
});
