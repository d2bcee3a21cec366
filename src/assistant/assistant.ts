import type { Message, Reply } from '../channels/message.ts';
import { asAppError } from '../errors.ts';
import { phrase } from '../phrases.ts';
import { toIso } from '../shanghai.ts';
import type { Sql } from '../store/sql.ts';
import type { Run } from '../sync/run.ts';
import type { SyncService } from '../sync/service.ts';
import { choicesCard } from './cards.ts';
import { windowLabel } from './format.ts';
import { type Action, type Slots, type Understanding, understand } from './language/understand.ts';
import { audit, Confirmations, mayUse, roleOf } from './policy.ts';
import { explainMapping } from './tools/explain-mapping.ts';
import { createSandboxMaterial, listFailures, retryFailures } from './tools/failures.ts';
import { cancelRun, orderStatus, runStatus, undoOrder } from './tools/runs.ts';
import { syncOrders } from './tools/sync-orders.ts';
import type { SandboxControl, Tool } from './tools/tool.ts';

export interface Decision {
  intent: string;
  slots: Record<string, unknown>;
  action: Action;
}

export interface Answer {
  decision: Decision;
  reply: Reply;
  run?: Run;
}

export interface AssistantParts {
  sync: SyncService;
  sql: Sql;
  sandbox: SandboxControl | null;
  now: () => Date;
}

const tools: ReadonlyMap<string, Tool> = new Map(
  [
    syncOrders,
    listFailures,
    retryFailures,
    runStatus,
    cancelRun,
    orderStatus,
    explainMapping,
    undoOrder,
    createSandboxMaterial,
  ].map((tool) => [tool.name, tool]),
);
const longest = 2000;

/** A message in, a decision and a reply out: understand → check → (clarify | confirm | run a tool) → reply. */
export class Assistant {
  readonly #parts: AssistantParts;
  readonly #confirmations: Confirmations;

  constructor(parts: AssistantParts) {
    this.#parts = parts;
    this.#confirmations = new Confirmations(parts.sql, parts.now);
  }

  async answer(message: Message): Promise<Answer> {
    const answer = await this.#decide(message);
    const { card } = answer.reply;
    if (card && this.#parts.sandbox)
      card.note = [card.note, phrase('replies.sandbox_note')].filter(Boolean).join(' · ');
    return answer;
  }

  async #decide(message: Message): Promise<Answer> {
    if (message.action) return await this.#pressed(message, message.action.name, message.action.args);
    const text = message.text.trim();
    if (text === '') return said('unknown', {}, 'clarify', phrase('replies.empty'));
    if (text.length > longest) return said('unknown', {}, 'clarify', phrase('replies.too_long', { size: text.length }));
    const understood = understand({ text, now: toIso(this.#parts.now()) });
    const unasked = understood.action === 'confirm' && !['confirm', 'undo'].includes(understood.intent);
    if (understood.action === 'clarify' || understood.ask || unasked) return this.#askBack(understood);
    return await this.#carryOut(message, understood);
  }

  async #carryOut(message: Message, { intent, slots }: Understanding): Promise<Answer> {
    const decided = (tool: string, args: object): Promise<Answer> => this.#use(message, tool, args, { intent, slots });
    const range = slots.start && slots.end ? { start: slots.start, end: slots.end } : {};
    switch (intent) {
      case 'sync':
        return await decided('sync-orders', {
          ...range,
          ...pick(slots, 'orders', 'shop', 'excludeShop'),
          ...(slots.dryRun ? { preview: true } : {}),
        });
      case 'retry':
        return await decided('retry-failures', {
          ...(slots.errorKind ? { category: slots.errorKind } : {}),
          ...pick(slots, 'orders'),
        });
      case 'list_failures':
        return await decided('list-failures', range);
      case 'run_status':
        return await decided('run-status', {});
      case 'cancel_run':
        return await decided('cancel-run', {});
      case 'order_status':
        return slots.orders?.[0]
          ? await decided('order-status', { order: slots.orders[0] })
          : await decided('run-status', {});
      case 'explain_mapping':
        return await decided('explain-mapping', {
          field: slots.field ?? slots.sourceField ?? '',
          ...(slots.orders?.[0] ? { order: slots.orders[0] } : {}),
        });
      case 'undo':
        return await decided('undo-order', { order: slots.orders?.[0] ?? '' });
      case 'confirm':
      case 'reject':
        return await this.#pressed(message, intent, {});
      case 'none':
        return said(intent, slots, 'none', phrase('replies.none'));
      case 'greeting':
        return said(intent, slots, 'reply', phrase('replies.greeting'));
      case 'help':
        return said(intent, slots, 'reply', phrase('replies.help'));
      default:
        return said(intent, slots, 'reply', phrase('replies.ask.unknown'));
    }
  }

  /** A pressed button, or its word. Arguments come from the outside and are checked like any others. */
  async #pressed(message: Message, name: string, args: Record<string, string>): Promise<Answer> {
    if (name === 'say')
      return await this.#decide({ person: message.person, conversation: message.conversation, text: args.text ?? '' });
    if (name === 'confirm' || name === 'reject' || name === 'preview') {
      const pending = await this.#confirmations.claim(message, name === 'confirm' ? 'confirmed' : 'rejected', args.id);
      if (!pending) return said(name, {}, 'reply', phrase('replies.nothing_to_confirm'));
      if (name === 'reject') return said('reject', {}, 'none', phrase('replies.rejected'));
      if (name === 'preview')
        return await this.#use(
          message,
          pending.tool,
          { ...pending.args, preview: true },
          { intent: 'sync', slots: {} },
        );
      return await this.#use(message, pending.tool, pending.args, { intent: 'confirm', slots: {} }, true);
    }
    return await this.#use(message, name, args, { intent: name, slots: {} });
  }

  /** The one gate in front of every tool, whoever asks: role, arguments, and a line in the audit trail. */
  async #use(
    message: Message,
    name: string,
    args: object,
    { intent, slots }: { intent: string; slots: Slots },
    confirmed = false,
  ): Promise<Answer> {
    const { sync, sandbox, now, sql } = this.#parts;
    const tool = tools.get(name);
    const parsed = tool?.parameters.safeParse(args);
    if (!tool || !parsed?.success) return said(intent, slots, 'clarify', phrase('replies.ask.unknown'));
    const role = roleOf(message.person, sandbox !== null);
    const record = (decision: string, outcome: string, runId?: string): Promise<void> =>
      audit(sql, now(), message, {
        tool: name,
        args: args as Record<string, unknown>,
        decision,
        outcome,
        ...(runId ? { runId } : {}),
      });
    if (!mayUse(role, tool.least)) {
      await record('refused', role);
      return said(
        intent,
        slots,
        'reply',
        phrase('replies.not_allowed', {
          role: phrase(`replies.role.${role}`),
          least: phrase(`replies.role.${tool.least}`),
        }),
      );
    }
    try {
      const result = await tool.run(parsed.data, {
        message,
        sync,
        confirmations: this.#confirmations,
        sandbox,
        now,
        confirmed,
      });
      if (tool.writes) await record(confirmed ? 'confirmed' : result.action, 'ok', result.run?.id);
      return {
        decision: { intent, slots: { ...slots }, action: result.action },
        reply: result.reply,
        ...(result.run ? { run: result.run } : {}),
      };
    } catch (error) {
      const known = asAppError(error);
      await record(confirmed ? 'confirmed' : 'failed', known.code);
      if (known.kind === 'internal') throw error;
      return said(intent, slots, 'reply', `${known.message}。${known.next}`);
    }
  }

  #askBack({ intent, slots, ask = 'not_a_command' }: Understanding): Answer {
    const reason = intent === 'unknown' ? 'unknown' : ask;
    const range = slots.start && slots.end ? windowLabel(new Date(slots.start), new Date(slots.end)) : '';
    const text = phrase(`replies.ask.${reason}`, { range });
    const choices =
      {
        range_missing: ['today', 'yesterday', 'month'],
        future: ['today'],
        unknown: ['yesterday', 'failures', 'price'],
      }[reason as 'range_missing' | 'future' | 'unknown'] ?? [];
    const card =
      choices.length > 0
        ? {
            card: choicesCard(
              text,
              choices.map((choice) => phrase(`replies.choice.${choice}`)),
            ),
          }
        : {};
    return {
      decision: { intent, slots: { ...slots }, action: intent === 'out_of_scope' ? 'reply' : 'clarify' },
      reply: { text, ...card },
    };
  }
}

function said(intent: string, slots: object, action: Action, text: string): Answer {
  return { decision: { intent, slots: { ...slots }, action }, reply: { text } };
}

function pick<K extends keyof Slots>(slots: Slots, ...names: K[]): Pick<Slots, K> {
  return Object.fromEntries(
    names.filter((name) => slots[name] !== undefined).map((name) => [name, slots[name]]),
  ) as Pick<Slots, K>;
}
