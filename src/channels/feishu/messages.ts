import type { Incoming } from '../channel.ts';
import { filledIn } from '../form.ts';
import type { ButtonAction } from '../message.ts';
import { saidAt } from '../said-at.ts';

/** An event of schema 2.0, as the long connection and the webhook both have it once unwrapped. */
export interface FeishuEvent {
  event_id?: string;
  event_type?: string;
  sender?: { sender_id?: { open_id?: string }; sender_type?: string };
  message?: {
    message_id?: string;
    chat_id?: string;
    chat_type?: string;
    message_type?: string;
    /** Milliseconds since 1970, as text. */
    create_time?: string;
    /** What it answers: the message it quotes, or the root of its thread. */
    parent_id?: string;
    /** Where the message is part of a thread. */
    thread_id?: string;
    content?: string;
    mentions?: { key?: string; id?: { open_id?: string }; name?: string }[];
  };
  chat_id?: string;
  operator?: { open_id?: string };
  /** `form_value` comes with the button that hands a form in. */
  action?: { value?: { card?: string; button?: string }; form_value?: Record<string, unknown> };
  context?: { open_message_id?: string; open_chat_id?: string };
}

type Said = NonNullable<FeishuEvent['message']>;

/** Of a text, or of a post: lines of parts. */
interface PostContent {
  text?: string;
  title?: string;
  content?: { tag?: string; text?: string; user_id?: string }[][];
}

/** An event as one of ours; null for bots, for groups where nobody addressed us, and for what is no message. */
export function fromEvent(event: FeishuEvent, botOpenId: string | null): Incoming | null {
  if (event.action) return fromPress(event);
  if (event.event_type === 'im.chat.member.bot.added_v1' && event.chat_id && event.event_id)
    return {
      id: event.event_id,
      message: {
        person: 'feishu:',
        conversation: `feishu:${event.chat_id}`,
        text: '',
        action: { name: 'welcome', args: {} },
      },
      handle: {},
    };
  const { message, sender } = event;
  const person = sender?.sender_id?.open_id;
  if (!message?.message_id || !message.chat_id || !person || sender?.sender_type !== 'user') return null;
  const mentions = (message.mentions ?? []).filter(({ key }) => key !== '@_all');
  const addressed = botOpenId === null ? mentions.length > 0 : mentions.some(({ id }) => id?.open_id === botOpenId);
  if (message.chat_type !== 'p2p' && !addressed) return null;
  return {
    id: message.message_id,
    message: {
      person: `feishu:${person}`,
      conversation: `feishu:${message.chat_id}`,
      ...(message.chat_type === 'p2p' ? { private: true as const } : {}),
      ...saidIn(message, botOpenId),
      ...saidAt(message.create_time),
      ...(message.parent_id
        ? { quoted: { ref: message.parent_id, ...(message.thread_id ? { root: true as const } : {}) } }
        : {}),
    },
    handle: { messageId: message.message_id, ...(message.thread_id ? { thread: message.thread_id } : {}) },
  };
}

const wordless: Readonly<Record<string, string>> = {
  post: 'picture',
  image: 'picture',
  file: 'file',
  media: 'file',
  audio: 'audio',
};

/** The words, or what there was instead: each has a sentence of its own. */
function saidIn(message: Said, botOpenId: string | null): { text: string; action?: ButtonAction } {
  const text = textOf(message, botOpenId);
  const { message_type = '' } = message;
  if (text || message_type === 'text') return { text: text ?? '' };
  return { text: '', action: { name: wordless[message_type] ?? 'only_text', args: {} } };
}

function fromPress({ event_id, action, operator, context }: FeishuEvent): Incoming | null {
  const { value, form_value: form } = action ?? {};
  const { card, button } = value ?? {};
  if (!event_id || !card || button === undefined || !operator?.open_id || !context?.open_chat_id) return null;
  return {
    id: event_id,
    message: {
      person: `feishu:${operator.open_id}`,
      conversation: `feishu:${context.open_chat_id}`,
      text: '',
      action: { name: 'press', args: { card, button: String(button) }, ...(form ? { filled: filledIn(form) } : {}) },
    },
    handle: { messageId: context.open_message_id ?? '', pressed: true },
  };
}

/** The words, with mentions put in by name and our own taken out; null where there are none. */
function textOf(message: Said, botOpenId: string | null): string | null {
  let content: PostContent;
  try {
    content = JSON.parse(message.content ?? '{}') as PostContent;
  } catch {
    return null;
  }
  let text: string | null = null;
  if (message.message_type === 'text') text = content.text ?? '';
  if (message.message_type === 'post')
    text = [
      content.title ?? '',
      ...(content.content ?? []).map((line) => line.map((part) => part.text ?? part.user_id ?? '').join('')),
    ].join('\n');
  if (text === null) return null;
  const mentioned = new Map((message.mentions ?? []).map((mention) => [mention.key, mention]));
  // The whole key: @_user_1 is the beginning of @_user_10.
  const named = text.replace(/@_(?:user_\d+|all)/g, (key) => {
    const { id, name = '' } = mentioned.get(key) ?? {};
    const ours = id !== undefined && (botOpenId === null || id.open_id === botOpenId);
    return ours || name === '' || key === '@_all' ? '' : `@${name}`;
  });
  return named.trim();
}
