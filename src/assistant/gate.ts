import type { AlertReport } from '../alerts/alert.ts';
import type { Card, Message } from '../channels/message.ts';
import { asAppError } from '../errors.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import type { Run } from '../sync/run.ts';
import { questionCard } from './cards/question.ts';
import type { Slots } from './language/slots.ts';
import type { Action } from './language/understanding.ts';
import { confirmationMinutes, type Pending } from './policy/confirmations.ts';
import { mayUse } from './policy/roles.ts';
import type { Tool, ToolResult, ToolServices } from './tools/tool.ts';

export interface Decision {
  intent: string;
  slots: Record<string, unknown>;
  action: Action;
}

export interface Answer {
  decision: Decision;
  reply: { text: string; card?: Card };
  run?: Run;
  reconciliation?: string;
  alerts?: AlertReport[];
}

export interface GateParts extends ToolServices {
  tools: ReadonlyMap<string, Tool>;
}

/** What is asked for: a tool by name with arguments, and the reading that led to it. */
export interface Call {
  tool: string;
  args: object;
  intent: string;
  slots: Slots;
}

/**
 * The one way to every tool, whoever asks (words, buttons, API, model): role, arguments, a yes where one is needed, and a line in
 * the audit trail. What comes in is never trusted.
 */
export class Gate {
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** Whether this person here may use a tool. */
  allows(message: Message, name: string): boolean {
    const { tools, roles } = this.#parts;
    const tool = tools.get(name);
    return tool !== undefined && mayUse(roles.of(message), roles.least(name, tool.least));
  }

  async use(message: Message, call: Call, how: { confirmed?: Pending; mustConfirm?: boolean } = {}): Promise<Answer> {
    const { tools, roles, audit } = this.#parts;
    const { intent, slots } = call;
    const answer = ({ reply, action, run, reconciliation, alerts }: ToolResult): Answer => ({
      decision: { intent, slots: { ...slots }, action },
      reply,
      ...(run ? { run } : {}),
      ...(reconciliation ? { reconciliation } : {}),
      ...(alerts ? { alerts } : {}),
    });
    const tool = tools.get(call.tool);
    const parsed = tool?.parameters.safeParse(call.args);
    if (!tool || !parsed?.success) return answer({ action: 'clarify', reply: { text: phrase('replies.ask.unknown') } });
    const record = (decision: string, outcome: string, runId?: string): Promise<void> =>
      audit.record(message, { tool: tool.name, args: call.args, decision, outcome, runId });
    if (!this.allows(message, tool.name)) {
      const role = roles.of(message);
      const least = roles.least(tool.name, tool.least);
      await record('refused', role);
      const text = phrase('replies.not_allowed', {
        role: phrase(`replies.role.${role}`),
        least: phrase(`replies.role.${least}`),
      });
      return answer({ action: 'reply', reply: { text } });
    }
    const mustConfirm = how.mustConfirm === true && how.confirmed === undefined;
    try {
      if (tool.writes && mustConfirm && !tool.asks) return answer(await this.#ask(message, tool, parsed.data));
      const result = await tool.run(parsed.data, {
        ...this.#parts,
        // A confirmed write belongs to whoever asked for it, also when another one gave the second yes.
        message: how.confirmed ? { ...message, person: how.confirmed.person } : message,
        confirmed: how.confirmed !== undefined,
        mustConfirm,
      });
      if (tool.writes) await record(how.confirmed ? 'confirmed' : result.action, 'ok', result.run?.id);
      return answer(result);
    } catch (error) {
      const known = asAppError(error);
      await record(how.confirmed ? 'confirmed' : 'failed', known.code);
      if (known.kind === 'internal') throw error;
      return answer({ action: 'reply', reply: { text: `${known.message}。${known.next}` } });
    }
  }

  /** Asks before a write that has no card of its own for it. */
  async #ask(message: Message, tool: Tool, args: object): Promise<ToolResult> {
    const id = await this.#parts.confirmations.ask(message, tool.name, args);
    const what = phrase(`tools.${tool.name}`);
    const fields = Object.entries(args).map(([name, value]) => ({
      label: hasPhrase(`tools.argument.${name}`) ? phrase(`tools.argument.${name}`) : name,
      value: [value].flat().map(inWords).join('、'),
    }));
    const details = fields.map(({ label, value }) => `${label} ${value}`).join('，');
    return {
      action: 'confirm',
      reply: {
        text: phrase('replies.confirm_tool', {
          what: details ? `${what}：${details}` : what,
          minutes: confirmationMinutes,
        }),
        card: questionCard(id, what, fields),
      },
    };
  }
}

/** An argument as a person says it: the name of a map or of a cause instead of its code. */
function inWords(value: unknown): string {
  const key = [`replies.map.${value}`, `cards.category.${value}`].find(hasPhrase);
  return key ? phrase(key) : String(value);
}
