import { z } from 'zod';
import type { Message, Reply } from '../../channels/message.ts';
import type { Run } from '../../sync/run.ts';
import type { SyncService } from '../../sync/service.ts';
import type { Action } from '../language/understand.ts';
import type { Confirmations, Role } from '../policy.ts';

/** What the sandbox lets a person repair from a card; absent on real systems. */
export interface SandboxControl {
  createMaterial(code: string): Promise<void>;
}

export interface ToolContext {
  message: Message;
  sync: SyncService;
  confirmations: Confirmations;
  sandbox: SandboxControl | null;
  now: () => Date;
  /** The caller has said yes to exactly these arguments. */
  confirmed: boolean;
}

export interface ToolResult {
  reply: Reply;
  action: Action;
  run?: Run;
}

/** A thing 小青 can do. One file a tool; chat, page and API reach it only through the assistant's check. */
export interface Tool<Schema extends z.ZodType = z.ZodType> {
  name: string;
  /** The least role that may use it. */
  least: Role;
  writes: boolean;
  parameters: Schema;
  run(args: z.infer<Schema>, context: ToolContext): Promise<ToolResult>;
}

export function defineTool<Schema extends z.ZodType>(tool: Tool<Schema>): Tool {
  return tool as unknown as Tool;
}

/** ISO instants of a half-open window. */
export const windowArgs = { start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) };
