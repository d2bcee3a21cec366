import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Assistant } from '../../assistant/assistant.ts';
import type { Message } from '../../channels/message.ts';
import type { WebHub } from '../../channels/web/hub.ts';
import type { Reconciler } from '../../sync/reconcile.ts';
import type { SyncService } from '../../sync/service.ts';
import type { Access, Visitor } from '../access.ts';

export interface ApiParts {
  access: Access;
  assistant: Assistant;
  hub: WebHub;
  sync: SyncService;
  reconciler: Reconciler;
  onSandbox: boolean;
  now: () => Date;
}

export type ApiRouter = Router<{ visitor: Visitor }>;

/** Lets in whoever may use this tool, or, where none is named, may look at all. Code: `gate.not_allowed`. */
export type May = (tool?: string) => (ctx: Context, next: () => Promise<unknown>) => Promise<void>;

/** A call without words, as the gate takes it. */
export function asMessage({ person, conversation }: Visitor): Message {
  return { person, conversation, text: '' };
}
