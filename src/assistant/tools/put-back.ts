import { z } from 'zod';
import { someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { namedRun, type Withdrawn } from '../../sync/run.ts';
import { questionCard } from '../cards/question.ts';
import { whoWithdrew } from '../cards/withdrawn.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { exceeds } from '../policy/roles.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

const shown = 10;

/** Lets what somebody has withdrawn be written again, after a yes, and writes it. */
export const putBack = defineTool({
  name: 'put-back',
  least: 'admin',
  asks: true,
  parameters: z.strictObject({ orders: z.array(z.string().max(60)).max(200).optional() }),
  answers: { put_back: (slots) => take(slots, 'orders') },
  async run({ orders = [] }, context) {
    const { sync, message, now } = context;
    const pipeline = sync.defaultPipeline;
    if (orders.length === 0) return await askWhich(context);
    const documents = await Promise.all(orders.map((order) => sync.ledger.document(pipeline, order)));
    const keys = documents.flatMap((document) => (document ? [document.key] : []));
    const withdrawn = await sync.outcomes.withdrawn(pipeline, { keys });
    if (withdrawn.length === 0)
      return said(phrase('withdrawn.put_back.not_withdrawn', { orders: someOf(orders, shown) }));
    if (!context.confirmed) return await ask(withdrawn, context);
    const out = withdrawn.map(({ key }) => key);
    await sync.ledger.putBack(pipeline, out);
    const requester = { person: message.person, conversation: message.conversation };
    return await startRun(namedRun({ pipeline, kind: 'sync', trigger: 'chat', requester }, out, now()), context);
  },
});

async function askWhich({ sync }: ToolContext): Promise<ToolResult> {
  const keys = (await sync.outcomes.withdrawn(sync.defaultPipeline)).map(({ key }) => key);
  if (keys.length === 0) return said(phrase('withdrawn.put_back.none'));
  return said(phrase('withdrawn.put_back.which', { orders: someOf(keys, shown) }), 'clarify');
}

async function ask(withdrawn: readonly Withdrawn[], context: ToolContext): Promise<ToolResult> {
  const { confirmations, message, roles, sync } = context;
  const orders = withdrawn.map(({ key }) => key);
  const amount = await sync.outcomes.amountOf(sync.defaultPipeline, orders);
  const plan = { orders: orders.length, days: 0, amount };
  const fourEyes = roles.fourEyesAbove !== null && exceeds(plan, roles.fourEyesAbove);
  const id = await confirmations.ask(message, 'put-back', { orders }, { fourEyes });
  const title = phrase('withdrawn.put_back.title', { count: orders.length });
  const fields = [
    { label: phrase('withdrawn.put_back.orders'), value: someOf(orders, shown) },
    { label: phrase('withdrawn.put_back.by'), value: whoWithdrew(withdrawn) },
  ];
  const text = phrase('replies.confirm_title', { title, minutes: confirmationMinutes });
  return { action: 'confirm', reply: { text, card: questionCard(id, title, fields, fourEyes) } };
}
