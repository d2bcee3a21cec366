import { z } from 'zod';
import type { Answer } from '../../src/assistant/gate.ts';
import { type Conversation, Model, modelLimits, type Outcome } from '../../src/assistant/model.ts';
import { defineTool, said, type Tool } from '../../src/assistant/tools/tool.ts';
import type { Card, Message } from '../../src/channels/message.ts';
import { type ChatRequest, type FakeModel, type Line, startModel } from './openai.ts';

/** Tools by name as the house has them, that only tell what they were given. */
const windowArgs = {
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
};
const toolNamed = (name: string, writes: boolean, shape: z.ZodRawShape): Tool =>
  defineTool({
    name,
    least: 'viewer',
    writes,
    parameters: z.strictObject(shape),
    run: async () => said(''),
  });
export const tools: ReadonlyMap<string, Tool> = new Map(
  [
    toolNamed('list-failures', false, windowArgs),
    toolNamed('run-status', false, windowArgs),
    toolNamed('order-status', false, { order: z.string().optional() }),
    toolNamed('report', false, { ...windowArgs, top: z.number().int().min(1).max(50).optional() }),
    toolNamed('sync-orders', true, {
      ...windowArgs,
      orders: z.array(z.string()).optional(),
      preview: z.boolean().optional(),
    }),
    toolNamed('retry-failures', true, { orders: z.array(z.string()).optional() }),
  ].map((tool) => [tool.name, tool]),
);

export interface Told {
  text: string;
  card?: Card;
  action?: Answer['decision']['action'];
}

export interface Talk {
  model: FakeModel;
  /** What the server answers, request by request. */
  say: (request: ChatRequest, round: number) => Line;
  /** What the tools tell; a write is asked about. */
  tell: (tool: string, args: Record<string, unknown>) => Told;
  calls: { tool: string; args: Record<string, unknown> }[];
  logged: unknown[];
  tokens: number;
  /** One talk with a model of its own, or with the one of the talk before it. */
  ask(text: string, more?: Partial<Conversation> & { again?: boolean }): Promise<Outcome & { grown: string[] }>;
  end(): Promise<void>;
}

/** A model over HTTP through the SDK, without the house around it. */
export async function startTalk(): Promise<Talk> {
  let asked: Model | null = null;
  const usage = {
    today: async () => 0,
    add: async (_whose: readonly string[], tokens: number) => {
      talk.tokens += tokens;
    },
  };
  const model = await startModel((request, round) => talk.say(request, round));
  const talk: Talk = {
    model,
    say: () => ({ text: '好。' }),
    tell: () => ({ text: '没有失败的单子。' }),
    calls: [],
    logged: [],
    tokens: 0,
    async ask(text, { again, ...more } = {}) {
      const settings = { apiKey: 'sk-test-0123456789', baseUrl: model.url, model: 'scripted' };
      const now = (): Date => new Date('2026-11-24T15:00:00+08:00');
      if (!again || !asked) asked = new Model(settings, usage, now, (error) => talk.logged.push(error), modelLimits);
      const message: Message = { person: 'web:p', conversation: 'web:c', text };
      const grown: string[] = [];
      const outcome = await asked.converse({
        message,
        prior: [],
        tools,
        call: async (tool, args) => {
          talk.calls.push({ tool, args: { ...args } });
          const { text, card, action } = talk.tell(tool, { ...args });
          const asks = tools.get(tool)?.writes ? 'confirm' : 'reply';
          return {
            decision: { intent: tool, slots: {}, action: action ?? asks },
            reply: { text, ...(card ? { card } : {}) },
          };
        },
        onText: (part) => grown.push(part),
        ...more,
      });
      return { ...outcome, grown };
    },
    end: () => model.close(),
  };
  return talk;
}

/** A chunk of a stream with one delta. */
export const delta = (content: object, finish: string | null = null): object => ({
  id: 'c',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: content, finish_reason: finish }],
});
