import type { z } from 'zod';
import type { AlertReport } from '../../alerts/alert.ts';
import type { Alerts } from '../../alerts/alerts.ts';
import type { Card, Message, Reply } from '../../channels/message.ts';
import type { StatedFigure } from '../../reports/stated.ts';
import type { Sql } from '../../store/sql.ts';
import type { Pipeline } from '../../sync/pipeline.ts';
import type { Reconciler } from '../../sync/reconcile.ts';
import type { Run, RunRequest } from '../../sync/run.ts';
import type { SyncService } from '../../sync/service.ts';
import { intentNamed } from '../intents/index.ts';
import { changes } from '../intents/intent.ts';
import type { Slots } from '../language/slots.ts';
import type { Action } from '../language/understanding.ts';
import type { Listed } from '../lists.ts';
import type { Memory } from '../memory.ts';
import type { Misreads } from '../misreads.ts';
import type { Audit, Change } from '../policy/audit.ts';
import type { Confirmations } from '../policy/confirmations.ts';
import type { Logins } from '../policy/logins.ts';
import type { Reads } from '../policy/reads.ts';
import type { Role, Roles } from '../policy/roles.ts';
import type { Settings } from '../settings.ts';

/** What the sandbox lets a person repair from a card; absent on real systems. */
export interface SandboxControl {
  createMaterial(code: string): Promise<void>;
}

/** What this house talks and listens with. */
export interface Connected {
  /** Chat platforms that are set. */
  channels: readonly string[];
  model: boolean;
}

/** What a tool may work with, the same for every call. */
export interface ToolServices {
  /** Every tool there is, by name. */
  tools: ReadonlyMap<string, Tool>;
  sync: SyncService;
  /** Pipelines of the folder that may not run: their files say so. */
  switchedOff: readonly Pick<Pipeline, 'title' | 'file'>[];
  sql: Sql;
  settings: Settings;
  roles: Roles;
  confirmations: Confirmations;
  audit: Audit;
  logins: Logins;
  reads: Reads;
  memory: Memory;
  misreads: Misreads;
  /** Where the page is opened. */
  pageUrl: () => string;
  reconciler: Reconciler;
  alerts: Alerts;
  sandbox: SandboxControl | null;
  connected: () => Connected;
  now: () => Date;
  /** Sends a file into a chat; `path`: where it is on the page, for channels that take none. */
  sendFile: (conversation: string, file: ListFile, path: string) => Promise<void>;
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
  /** What a run says it was started by. */
  trigger: RunRequest['trigger'];
  /** Another tool for the same person, through the gate. */
  use: (tool: string, args: object) => Promise<ToolResult>;
  /** The whole of what another tool lists, through the gate. */
  fileOf: (tool: string, args: object) => Promise<ListFile | null>;
}

/** A list as a file, with how many rows it has. */
export interface ListFile {
  name: string;
  bytes: Buffer;
  rows: number;
}

export interface ToolResult {
  reply: Reply;
  action: Action;
  run?: Run;
  /** The id of a reconciliation that was begun. */
  reconciliation?: string;
  /** What fires, where the answer is about alerts. */
  alerts?: AlertReport[];
  /** Numbers of the documents it is about, in the order they are shown. */
  orders?: string[];
  /** What it changed a setting from and to, for the audit trail. */
  change?: Change;
  /** What it lists, for the next page and for a file. */
  list?: Listed;
  /** The figures that it states. */
  figures?: StatedFigure[];
}

/**
 * A thing 小青 can do. One file a tool; everything that asks for it comes through the gate, which checks role and arguments.
 * A tool with a sentence under `tools.<name>` in prompts/zh/tools.yaml can be called by the model, too.
 */
export interface Tool<Schema extends z.ZodObject = z.ZodObject> {
  name: string;
  /** The least role that may use it; `none` = everybody. */
  least: Role;
  /** Whether it changes anything that a yes has to stand for; follows from the intents it answers. */
  writes: boolean;
  /** A read that goes through both systems for long: on record, as a write is. */
  reads?: 'long';
  /** Whether it may end in a write to the target: refused while the emergency brake holds. What writes does, unless it says otherwise. */
  target: boolean;
  /** A write that asks for its yes with a card of its own; other writes are asked about by the gate where that is needed. */
  asks?: boolean;
  parameters: Schema;
  /** The intents it answers, and the arguments that their slots make; null leaves them to another tool. */
  answers?: Record<string, (slots: Slots) => Record<string, unknown> | null>;
  run(args: z.infer<Schema>, context: ToolContext): Promise<ToolResult>;
  /** The whole of what it lists; null where that cannot be had yet. */
  file?(args: z.infer<Schema>, context: ToolContext): Promise<ListFile | null>;
}

type Defined<Schema extends z.ZodObject> = Omit<Tool<Schema>, 'writes' | 'target'> & { target?: false } & (
    | { answers: object }
    | { writes: boolean }
  );

/** A tool that answers intents changes what they change; one that only buttons lead to says so itself. */
export function defineTool<Schema extends z.ZodObject>(tool: Defined<Schema>): Tool {
  const answered = Object.keys(tool.answers ?? {}).map(intentNamed);
  const writes = 'writes' in tool ? tool.writes : answered.some(changes);
  const target = 'writes' in tool ? tool.writes : answered.some(({ effect }) => effect === 'writes');
  return { target, ...tool, writes } as unknown as Tool;
}

export const said = (text: string, action: Action = 'reply'): ToolResult => ({ action, reply: { text } });

/** The slots of these names that are filled, as arguments; a document is asked for by its pipeline. */
export function take(slots: Slots, ...names: (keyof Slots)[]): Record<string, unknown> {
  return Object.fromEntries(
    names
      .filter((name) => slots[name] !== undefined)
      .map((name): [string, unknown] => [name === 'document' ? 'pipeline' : name, slots[name]]),
  );
}
