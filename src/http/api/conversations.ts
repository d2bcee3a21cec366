import { PassThrough } from 'node:stream';
import type { Answer } from '../../assistant/assistant.ts';
import type { Message } from '../../channels/message.ts';
import { conversationNamed } from '../../channels/web/hub.ts';
import { runReport, type SyncService } from '../../sync/service.ts';
import type { Visitor } from '../access.ts';
import { readJson } from '../body.ts';
import { bodies } from '../openapi.ts';
import type { ApiParts, ApiRouter, May } from './route.ts';

const beatMs = 15_000;
const rememberedCharacters = 2000;

/** What is said to 小青 and what she says, at once or as it moves. What somebody may do is looked at in the answer. */
export function conversationRoutes(api: ApiRouter, { assistant, hub, sync, now }: ApiParts, may: May): void {
  api.post('/messages', async (ctx) => {
    const body = await readJson(ctx, bodies.messages);
    const message: Message = {
      ...speaker(ctx.state.visitor, body),
      text: body.text,
      ...(body.said_at ? { saidAt: new Date(body.said_at) } : {}),
      ...(body.action ? { action: body.action } : {}),
    };
    const { conversation, text } = message;
    hub.remember(conversation, { from: 'me', at: now().toISOString(), text: text.slice(0, rememberedCharacters) });
    const answer = await assistant.answer(message, (grown) => hub.grow(conversation, grown));
    hub.remember(conversation, { from: 'xiaoqing', at: now().toISOString(), ...answer.reply });
    ctx.body = await withReport(answer, sync);
  });
  api.get('/conversations/:id/messages', may(), (ctx) => {
    ctx.body = { messages: hub.messages(conversationNamed(`web:${ctx.params.id ?? ''}`)) };
  });
  api.get('/conversations/:id/events', may(), (ctx) => {
    const stream = new PassThrough();
    const leave = hub.subscribe(conversationNamed(`web:${ctx.params.id ?? ''}`), ({ event, data }) =>
      stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    );
    const beat = setInterval(() => stream.write(': \n\n'), beatMs);
    ctx.req.on('close', () => {
      clearInterval(beat);
      leave();
    });
    ctx.set({ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    ctx.type = 'text/event-stream';
    ctx.body = stream;
    stream.write(': \n\n');
  });
}

/** The token speaks for whom it names, as a chat platform does; the page speaks for nobody but itself. */
function speaker(
  visitor: Visitor,
  { person, conversation }: { person?: string | undefined; conversation: string },
): Pick<Message, 'person' | 'conversation'> {
  if (visitor.by === 'token' && person) return { person, conversation: conversationNamed(conversation) };
  return {
    person: visitor.by === 'token' ? 'web:page' : visitor.person,
    conversation: conversationNamed(`web:${conversation}`),
  };
}

async function withReport(answer: Answer, sync: SyncService): Promise<object> {
  const { run, ...rest } = answer;
  return run ? { ...rest, run: runReport(await sync.view(run.id)) } : rest;
}
