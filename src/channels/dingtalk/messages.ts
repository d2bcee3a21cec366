import type { Incoming } from '../channel.ts';
import { filledIn, submitPlace } from '../form.ts';
import type { ButtonAction, Message } from '../message.ts';
import { quotedWords } from '../quoted.ts';
import { saidAt } from '../said-at.ts';
import type { DingtalkHandle } from './place.ts';

interface RobotMessage {
  msgId?: string;
  conversationId?: string;
  conversationType?: string;
  senderStaffId?: string;
  senderNick?: string;
  senderId?: string;
  chatbotUserId?: string;
  sessionWebhook?: string;
  sessionWebhookExpiredTime?: number;
  /** Milliseconds since 1970. */
  createAt?: number | string;
  msgtype?: string;
  text?: { content?: string } & Replying;
  content?: { richText?: { text?: string }[]; recognition?: string } & Replying;
  /** Of a message of ours that is quoted: what its sending was answered with. */
  originalProcessQueryKey?: string;
}

interface Replying {
  isReplyMsg?: boolean;
  repliedMsg?: { content?: unknown };
}

/** A robot message as one of ours; null for what is not a person speaking to us. */
export function fromRobot(data: string): Incoming | null {
  const robot = JSON.parse(data) as RobotMessage;
  const { msgId, conversationId, senderId, chatbotUserId, senderStaffId = '' } = robot;
  if (!msgId || !conversationId || !(senderStaffId || senderId) || (senderId && senderId === chatbotUserId))
    return null;
  const said = saidIn(robot);
  const handle: DingtalkHandle = {
    msgId,
    conversationId,
    group: robot.conversationType !== '1',
    staffId: senderStaffId,
    webhook: robot.sessionWebhook ?? '',
    webhookUntil: robot.sessionWebhookExpiredTime ?? 0,
  };
  return {
    id: msgId,
    message: {
      person: `dingtalk:${senderStaffId || senderId}`,
      ...(robot.conversationType === '1' ? { private: true as const } : {}),
      ...(robot.senderNick ? { name: robot.senderNick } : {}),
      conversation: `dingtalk:${conversationId}`,
      ...said,
      ...saidAt(robot.createAt),
      ...quotedIn(robot),
    },
    handle: { ...handle },
  };
}

/** What is quoted; of cards the platform often says no more than that they are. */
function quotedIn({ text, content, originalProcessQueryKey }: RobotMessage): Pick<Message, 'quoted'> {
  const replying = [text, content].find((part) => part?.isReplyMsg || part?.repliedMsg);
  if (!replying && !originalProcessQueryKey) return {};
  return { quoted: quotedWords(replying?.repliedMsg?.content, originalProcessQueryKey) };
}

const wordless: Readonly<Record<string, string>> = {
  richText: 'picture',
  picture: 'picture',
  file: 'file',
  audio: 'audio',
};

/** The words, or what there was instead: each has a sentence of its own. */
function saidIn({ msgtype, text, content }: RobotMessage): { text: string; action?: ButtonAction } {
  const words: Record<string, string | undefined> = {
    text: text?.content ?? '',
    richText: content?.richText?.map((part) => part.text ?? '').join(''),
    audio: content?.recognition,
  };
  const said = words[msgtype ?? '']?.trim();
  if (said || msgtype === 'text') return { text: said ?? '' };
  return { text: '', action: { name: wordless[msgtype ?? ''] ?? 'only_text', args: {} } };
}

/** An `outTrackId` of ours: it carries the conversation and the card, so that a press finds both. */
export function trackId(conversation: string, key: string, cardId: string): string {
  return `xq_${Buffer.from(conversation).toString('base64url')}_${key}_${cardId}`;
}

/** A pressed button; null for a card that is none of ours. */
export function fromCard(data: string, messageId: string): Incoming | null {
  const callback = JSON.parse(data) as { outTrackId?: string; userId?: string; content?: string };
  const { outTrackId = '', userId } = callback;
  const [, place = '', cardId = ''] = /^xq_([\w-]+?)_xq-(?:in-)?\d+-[a-z0-9]+_(.+)$/.exec(outTrackId) ?? [];
  const content = JSON.parse(callback.content ?? '{}') as {
    cardPrivateData?: { actionIds?: string[]; params?: { form?: unknown } };
  };
  const { actionIds = [], params } = content.cardPrivateData ?? {};
  const button = params?.form ? submitPlace : (actionIds[0]?.replace(/\D/g, '') ?? '');
  if (!place || !userId || button === '') return null;
  // A card that an answer has grown into goes by its own name: its id was not known yet.
  const card = cardId === 'answer' ? outTrackId : cardId;
  return {
    id: `card:${messageId}`,
    message: {
      person: `dingtalk:${userId}`,
      conversation: Buffer.from(place, 'base64url').toString(),
      text: '',
      action: { name: 'press', args: { card, button }, ...(params?.form ? { filled: filledIn(params.form) } : {}) },
    },
    handle: { msgId: '', staffId: userId },
  };
}
