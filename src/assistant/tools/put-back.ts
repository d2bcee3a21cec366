import { z } from 'zod';
import { documentWords } from '../../documents.ts';
import { someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { namedRun, type Withdrawn } from '../../sync/run.ts';
import { questionCard } from '../cards/question.ts';
import { whoWithdrew } from '../cards/withdrawn.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { exceeds } from '../policy/roles.ts';
import { documentsNamed, each, whichKind } from '../which-document.ts';
import { pipelineArgs, pipelineOf } from './arguments.ts';
import { startRun } from './sync-orders.ts';
import { defineTool, said, type ToolContext, type ToolResult, take } from './tool.ts';

const shown = 10;

/** Lets what somebody has withdrawn be written again, after a yes, and writes it. */
export const putBack = defineTool({
  name: 'put-back',
  least: 'admin',
  asks: true,
  parameters: z.strictObject({ ...pipelineArgs, orders: z.array(z.string().max(60)).max(200).optional() }),
  answers: { put_back: (slots) => take(slots, 'orders', 'document') },
  async run({ pipeline: meant, orders = [] }, context) {
    const { sync, message, now } = context;
    if (orders.length === 0) return await askWhich(meant, context);
    const named = each(await documentsNamed(orders, meant, sync));
    const documents = named.filter(({ state }) => state === 'withdrawn');
    const [first] = documents;
    if (!first) return said(phrase('withdrawn.put_back.not_withdrawn', { orders: someOf(orders, shown) }));
    const question = whichKind('put_back', documents);
    if (question) return question;
    const { pipeline } = first;
    const withdrawn = await sync.outcomes.withdrawn(pipeline, { keys: documents.map(({ key }) => key) });
    if (!context.confirmed) return await ask(pipeline, withdrawn, context);
    const out = withdrawn.map(({ key }) => key);
    await sync.ledger.putBack(pipeline, out);
    const requester = { person: message.person, conversation: message.conversation };
    return await startRun(namedRun({ pipeline, kind: 'sync', trigger: 'chat', requester }, out, now()), context);
  },
});

async function askWhich(pipeline: string | undefined, context: ToolContext): Promise<ToolResult> {
  const { outcomes } = context.sync;
  const keys = (await outcomes.withdrawn(pipelineOf({ pipeline }, context))).map(({ key }) => key);
  if (keys.length === 0) return said(phrase('withdrawn.put_back.none'));
  return said(phrase('withdrawn.put_back.which', { orders: someOf(keys, shown) }), 'clarify');
}

async function ask(pipeline: string, withdrawn: readonly Withdrawn[], context: ToolContext): Promise<ToolResult> {
  const { confirmations, message, roles, sync } = context;
  const orders = withdrawn.map(({ key }) => key);
  const amount = await sync.outcomes.amountOf(pipeline, orders);
  const plan = { orders: orders.length, days: 0, amount };
  const fourEyes = roles.fourEyesAbove !== null && exceeds(plan, roles.fourEyesAbove);
  const id = await confirmations.ask(message, 'put-back', { pipeline, orders }, { fourEyes });
  const title = phrase('withdrawn.put_back.title', { count: orders.length });
  const fields = [
    { label: documentWords(pipeline).document, value: someOf(orders, shown) },
    { label: phrase('withdrawn.put_back.by'), value: whoWithdrew(withdrawn) },
  ];
  const text = phrase('replies.confirm_title', { title, minutes: confirmationMinutes });
  return { action: 'confirm', reply: { text, card: questionCard(id, title, fields, fourEyes) } };
}
