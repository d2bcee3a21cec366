import type { AlertReport } from '../alerts/alert.ts';
import { type Card, type Message, noteOn } from '../channels/message.ts';
import { documentNames } from '../documents.ts';
import { asAppError } from '../errors.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import type { StatedFigure } from '../reports/stated.ts';
import { toWall } from '../shanghai.ts';
import { brakeNote } from '../sync/brake.ts';
import type { Run } from '../sync/run.ts';
import { argumentFields, questionCard } from './cards/question.ts';
import type { Slots } from './language/slots.ts';
import type { Action } from './language/understanding.ts';
import type { Listed } from './lists.ts';
import { confirmationMinutes, type Pending } from './policy/confirmations.ts';
import { notAllowed } from './policy/not-allowed.ts';
import { mayUse } from './policy/roles.ts';
import { saidLate } from './spoken-at.ts';
import type { ListFile, Tool, ToolContext, ToolResult, ToolServices } from './tools/tool.ts';
import { kindsOf } from './which-document.ts';

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
  /** Numbers of the documents it is about, in the order they are shown: what 「这单」, 「第二个」 mean next. */
  orders?: string[];
  /** What it lists, for 「下一页」 and 「导出」. */
  list?: Listed;
  /** The figures that it states, and the days they are known for. */
  figures?: StatedFigure[];
}

/** What is asked for: a tool by name with arguments, and the reading that led to it. */
export interface Call {
  tool: string;
  args: object;
  intent: string;
  slots: Slots;
}

/** What stands behind a call besides the words: a yes to exactly these arguments, words that were not plain, or a command line, which needs no yes. */
export interface How {
  confirmed?: Pending;
  mustConfirm?: boolean;
  command?: boolean;
}

/**
 * The one way to every tool, whoever asks (words, buttons, API, model): role, arguments, a yes where one is needed, and a line in
 * the audit trail. What comes in is never trusted.
 */
export class Gate {
  readonly #parts: ToolServices;

  constructor(parts: ToolServices) {
    this.#parts = parts;
  }

  /** Whether this person here may use a tool. */
  allows(message: Message, name: string): boolean {
    const { tools, roles } = this.#parts;
    const tool = tools.get(name);
    return tool !== undefined && mayUse(roles.of(message), roles.least(name, tool.least));
  }

  /** Refuses whoever may not use a tool, or, where none is named, may not look at anything; on record. Code: `gate.not_allowed`. */
  async admit(message: Message, name?: string, args: object = {}): Promise<void> {
    const { tools, roles, audit } = this.#parts;
    const tool = name === undefined ? undefined : tools.get(name);
    const least = tool ? roles.least(tool.name, tool.least) : 'viewer';
    const role = roles.of(message);
    if (mayUse(role, least)) return;
    await audit.record(message, { tool: name ?? 'look', args, decision: 'refused', outcome: role });
    throw await notAllowed(this.#parts, role, least);
  }

  /** A long read that is no tool: few at once of one person. Code: `gate.too_many_reads`. */
  async read<T>({ person }: Message, work: () => Promise<T>): Promise<T> {
    return await this.#parts.reads.run(person, work);
  }

  /** For people: what is refused or fails is said. */
  async use(message: Message, call: Call, how: How = {}): Promise<Answer> {
    try {
      return await this.carryOut(message, call, how);
    } catch (error) {
      const known = asAppError(error);
      if (known.kind === 'internal') throw error;
      return answerOf(call, { action: 'reply', reply: { text: `${known.message}。${known.next}` } });
    }
  }

  /** For programs: what is refused or fails is thrown. */
  async carryOut(message: Message, call: Call, how: How = {}): Promise<Answer> {
    const tool = this.#parts.tools.get(call.tool);
    const parsed = tool?.parameters.safeParse(call.args);
    if (!tool || !parsed?.success)
      return answerOf(call, {
        action: 'clarify',
        reply: { text: phrase('replies.ask.unknown', { documents: documentNames(kindsOf(this.#parts.sync)) }) },
      });
    const record = (decision: string, outcome: string, { run, change }: Partial<ToolResult> = {}): Promise<void> =>
      this.#parts.audit.record(message, {
        tool: tool.name,
        args: call.args,
        decision,
        outcome,
        runId: run?.id,
        change,
      });
    await this.admit(message, tool.name, call.args);
    const { confirmed, command = false } = how;
    const late = tool.writes && confirmed === undefined && saidLate(message, this.#parts.now());
    const mustConfirm = late || (how.mustConfirm === true && confirmed === undefined);
    const answer = (result: ToolResult): Answer => answerOf(call, late ? withMoment(result, message) : result);
    try {
      if (tool.target && !isPreview(parsed.data)) await this.#parts.sync.brake.refuse();
      if (tool.writes && mustConfirm && !tool.asks) return answer(await this.#ask(message, tool, parsed.data));
      // A confirmed write belongs to whoever asked for it, also when another one gave the second yes.
      const asker = confirmed ? { ...message, person: confirmed.person } : message;
      const context = { confirmed: confirmed !== undefined || command, mustConfirm, command };
      const result = await tool.run(parsed.data, this.#contextOf(asker, context));
      if (tool.writes || tool.reads) await record(confirmed ? 'confirmed' : result.action, 'ok', result);
      return command ? answer(result) : answer(await this.#withBrake(result));
    } catch (error) {
      await record(confirmed ? 'confirmed' : 'failed', asAppError(error).code);
      throw error;
    }
  }

  /** The whole of what a tool lists as a file, for whoever may use the tool; null where there is none. */
  async file(message: Message, name: string, args: object): Promise<ListFile | null> {
    const tool = this.#parts.tools.get(name);
    const parsed = tool?.parameters.safeParse(args);
    if (!tool?.file || !parsed?.success) return null;
    await this.admit(message, name, args);
    return await tool.file(
      parsed.data,
      this.#contextOf(message, { confirmed: false, mustConfirm: false, command: false }),
    );
  }

  #contextOf(
    message: Message,
    { command, ...how }: { confirmed: boolean; mustConfirm: boolean; command: boolean },
  ): ToolContext {
    return {
      ...this.#parts,
      ...how,
      message,
      trigger: command ? 'cli' : message.conversation.startsWith('web:') ? 'page' : 'chat',
      use: async (tool, args) => {
        const { decision, ...result } = await this.carryOut(message, { tool, args, intent: tool, slots: {} });
        return { ...result, action: decision.action };
      },
      fileOf: (tool, args) => this.file(message, tool, args),
    };
  }

  /** While all writing is stopped, every answer says so. */
  async #withBrake(result: ToolResult): Promise<ToolResult> {
    const note = brakeNote(await this.#parts.sync.brake.held());
    const { text, card } = result.reply;
    if (note === '' || text.includes(note)) return result;
    if (card) noteOn(card, note);
    return { ...result, reply: { ...result.reply, text: `${text}\n${note}` } };
  }

  /** Asks before a write that has no card of its own for it. */
  async #ask(message: Message, tool: Tool, args: object): Promise<ToolResult> {
    const id = await this.#parts.confirmations.ask(message, tool.name, args);
    const what = phrase([`tools.${tool.name}`, `tools.asked.${tool.name}`].find(hasPhrase) ?? 'tools.asked.other');
    const fields = argumentFields(args);
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

function answerOf(
  { intent, slots }: Call,
  { reply, action, run, reconciliation, alerts, orders, list, figures }: ToolResult,
): Answer {
  return {
    decision: { intent, slots: { ...slots }, action },
    reply,
    ...(run ? { run } : {}),
    ...(reconciliation ? { reconciliation } : {}),
    ...(alerts ? { alerts } : {}),
    ...(orders ? { orders } : {}),
    ...(list ? { list } : {}),
    ...(figures ? { figures } : {}),
  };
}

/** A question about words that were said a while ago says when. */
function withMoment(result: ToolResult, { saidAt }: Message): ToolResult {
  if (result.action !== 'confirm' || !saidAt) return result;
  const { text, card } = result.reply;
  const said = phrase('replies.said_late', { at: toWall(saidAt).slice(5, 16) });
  const note = [said, card?.note].filter(Boolean).join(' · ');
  return { ...result, reply: { text: `${said}。${text}`, ...(card ? { card: { ...card, note } } : {}) } };
}

const isPreview = (args: object): boolean => 'preview' in args && args.preview === true;
