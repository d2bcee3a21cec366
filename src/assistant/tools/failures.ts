import { z } from 'zod';
import { Decimal } from '../../decimal.ts';
import { failureCategories } from '../../errors.ts';
import { money, someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { namedRun } from '../../sync/run.ts';
import { categoryLabel } from '../cards/cards.ts';
import { failuresCard } from '../cards/failures.ts';
import { suggestionsFor } from '../suggestions.ts';
import { windowArgs, windowOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, take } from './tool.ts';

/** Codes that similar ones are looked up for: on the list of everything, and on the card of one cause. */
const suggested = { all: 3, alone: 10 };

/** What is not in the target yet, by cause. */
export const listFailures = defineTool({
  name: 'list-failures',
  least: 'viewer',
  writes: false,
  parameters: z.strictObject({
    pipeline: z.string().optional(),
    category: z.enum(failureCategories).optional(),
    ...windowArgs,
  }),
  answers: {
    list_failures: (slots) => ({
      ...(slots.errorKind ? { category: slots.errorKind } : {}),
      ...take(slots, 'start', 'end'),
    }),
  },
  async run(args, { sync, sandbox, settings }) {
    const pipeline = sync.known(args.pipeline ?? sync.defaultPipeline);
    const groups = (await sync.outcomes.openFailures(pipeline, windowOf(args))).filter(
      ({ category }) => !args.category || category === args.category,
    );
    const cancelled = await sync.outcomes.cancelled(pipeline);
    const also =
      cancelled.length > 0
        ? phrase('replies.cancelled_after', {
            count: cancelled.length,
            orders: cancelled
              .slice(0, 5)
              .map(({ key }) => key)
              .join('、'),
          })
        : '';
    if (groups.length === 0) {
      const none = args.category
        ? phrase('replies.no_such_failures', { category: categoryLabel(args.category) })
        : phrase('replies.no_failures');
      return { action: 'reply', reply: { text: `${none}${also}` } };
    }
    const count = groups.reduce((sum, group) => sum + group.count, 0);
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
    const text = phrase('replies.failures', { count, amount: money(amount), causes });
    const most = args.category ? suggested.alone : suggested.all;
    const suggestions = await suggestionsFor({ sync, settings }, pipeline, groups, most);
    const card = failuresCard({ pipeline, groups, amount, suggestions, sandboxMaterials });
    return { action: 'reply', reply: { text: `${text}${also}`, card } };
  },
});

/** Tries failed documents again: those of a run, of a cause, about a code, or all. They are read afresh and looked up before anything is sent. */
export const retryFailures = defineTool({
  name: 'retry-failures',
  least: 'operator',
  writes: true,
  parameters: z.strictObject({
    pipeline: z.string().optional(),
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
      ...take(slots, 'orders', 'start', 'end'),
    }),
  },
  async run(args, context) {
    const { sync, message, now } = context;
    const pipeline = sync.known(args.pipeline ?? sync.defaultPipeline);
    const ofRun = args.run ? new Set((await sync.view(args.run)).failures.flatMap((group) => group.orders)) : null;
    const { category, except, subject, orders } = args;
    const failed = await sync.outcomes.failedKeys(pipeline, {
      category,
      except,
      subject,
      keys: orders,
      window: windowOf(args),
    });
    const keys = failed.filter((key) => !ofRun || ofRun.has(key));
    if (keys.length === 0) return { action: 'reply', reply: { text: phrase('replies.nothing_to_retry') } };
    for (const { target } of sync.pipelines.values()) target.forget();
    return await startRun(
      namedRun(
        {
          pipeline,
          kind: 'retry',
          trigger: message.person.startsWith('web:') ? 'page' : 'chat',
          requester: { person: message.person, conversation: message.conversation },
        },
        keys,
        now(),
      ),
      context,
    );
  },
});

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
