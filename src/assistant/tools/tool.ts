import type { z } from 'zod';
import type { AlertReport } from '../../alerts/alert.ts';
import type { Alerts } from '../../alerts/alerts.ts';
import type { Card, Message, Reply } from '../../channels/message.ts';
import type { Sql } from '../../store/sql.ts';
import type { Reconciler } from '../../sync/reconcile.ts';
import type { Run } from '../../sync/run.ts';
import type { SyncService } from '../../sync/service.ts';
import type { Intent } from '../language/lexicon.ts';
import type { Slots } from '../language/slots.ts';
import type { Action } from '../language/understanding.ts';
import type { Audit } from '../policy/audit.ts';
import type { Confirmations } from '../policy/confirmations.ts';
import type { Roles } from '../policy/roles.ts';
import type { Settings } from '../settings.ts';

/** What the sandbox lets a person repair from a card; absent on real systems. */
export interface SandboxControl {
  createMaterial(code: string): Promise<void>;
}

/** What a tool may work with, the same for every call. */
export interface ToolServices {
  sync: SyncService;
  sql: Sql;
  settings: Settings;
  roles: Roles;
  confirmations: Confirmations;
  audit: Audit;
  reconciler: Reconciler;
  alerts: Alerts;
  sandbox: SandboxControl | null;
  now: () => Date;
  /** Moves a card that was answered before. */
  show: (conversation: string, card: Card) => void;
  onError: (error: unknown, where: string) => void;
}

export interface ToolContext extends ToolServices {
  message: Message;
  /** Somebody has said yes to exactly these arguments. */
  confirmed: boolean;
  /** The words were not plain enough to write at once (a follow-up, a model's reading): ask whatever the size. */
  mustConfirm: boolean;
}

export interface ToolResult {
  reply: Reply;
  action: Action;
  run?: Run;
  /** The id of a reconciliation that was begun. */
  reconciliation?: string;
  /** What fires, where the answer is about alerts. */
  alerts?: AlertReport[];
}

/**
 * A thing 小青 can do. One file a tool; everything that asks for it comes through the gate, which checks role and arguments.
 * A tool with a sentence under `tools.<name>` in prompts/zh/tools.yaml can be called by the model, too.
 */
export interface Tool<Schema extends z.ZodObject = z.ZodObject> {
  name: string;
  /** The least role that may use it. */
  least: 'viewer' | 'operator' | 'admin';
  writes: boolean;
  /** A write that asks for its yes with a card of its own; other writes are asked about by the gate where that is needed. */
  asks?: boolean;
  parameters: Schema;
  /** The intents it answers, and the arguments that their slots make; null leaves them to another tool. */
  answers?: Partial<Record<Intent, (slots: Slots) => Record<string, unknown> | null>>;
  run(args: z.infer<Schema>, context: ToolContext): Promise<ToolResult>;
}

export function defineTool<Schema extends z.ZodObject>(tool: Tool<Schema>): Tool {
  return tool as unknown as Tool;
}

export const said = (text: string, action: Action = 'reply'): ToolResult => ({ action, reply: { text } });

/** The slots of these names that are filled, as arguments. */
export function take(slots: Slots, ...names: (keyof Slots)[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => slots[name] !== undefined).map((name): [string, unknown] => [name, slots[name]]),
  );
}
