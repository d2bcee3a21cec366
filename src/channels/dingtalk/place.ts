import type { Handle } from '../channel.ts';

/** What a message tells of where and by whom it was said. */
export interface DingtalkHandle {
  /** DingTalk's id of the message; '' for a pressed button. */
  msgId: string;
  conversationId: string;
  group: boolean;
  /** '' for people outside the organisation: nothing can be sent to them but in their session. */
  staffId: string;
  webhook: string;
  /** Milliseconds since 1970. */
  webhookUntil: number;
}

/** Where a conversation is: a group by its id, a private one by the person's. */
export interface Place {
  id: string;
  group: boolean;
  staffId: string;
}

const asHandle = (handle: Handle | undefined): DingtalkHandle | null => (handle ?? null) as DingtalkHandle | null;

/** A conversation nobody has spoken in is a group: no robot is the first to speak in private. */
export function placeOf(conversation: string, last: Handle | undefined): Place {
  const known = asHandle(last);
  return {
    id: conversation.slice('dingtalk:'.length),
    group: known?.group ?? true,
    staffId: known?.staffId ?? '',
  };
}

/** The session webhook of the answered message, or else of the last one, while it lives. */
export function webhookOf(handle: Handle | undefined, last: Handle | undefined, now: Date): string | null {
  const live = [asHandle(handle), asHandle(last)].find(
    (known) => known?.webhook && known.webhookUntil > now.getTime() + 10_000,
  );
  return live?.webhook ?? null;
}
