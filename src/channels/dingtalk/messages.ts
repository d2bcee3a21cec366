import type { Incoming } from '../channel.ts';
import { filledIn, submitPlace } from '../form.ts';

interface RobotMessage {
  msgId?: string;
  conversationId?: string;
  conversationType?: string;
  senderStaffId?: string;
  senderId?: string;
  chatbotUserId?: string;
  sessionWebhook?: string;
  sessionWebhookExpiredTime?: number;
  msgtype?: string;
  text?: { content?: string };
  content?: { richText?: { text?: string }[]; recognition?: string };
}

/** A robot message as one of ours; null for what is not a person speaking to us. */
export function fromRobot(data: string): Incoming | null {
  const robot = JSON.parse(data) as RobotMessage;
  const { msgId, conversationId, senderId, chatbotUserId } = robot;
  if (!msgId || !conversationId || (senderId && senderId === chatbotUserId)) return null;
  const text = textOf(robot);
  return {
    id: msgId,
    message: {
      person: `dingtalk:${robot.senderStaffId || senderId || ''}`,
      conversation: `dingtalk:${conversationId}`,
      text: text ?? '',
      ...(text === null ? { action: { name: 'only_text', args: {} } } : {}),
    },
    handle: {
      group: robot.conversationType !== '1',
      staffId: robot.senderStaffId ?? '',
      webhook: robot.sessionWebhook ?? '',
      webhookUntil: robot.sessionWebhookExpiredTime ?? 0,
    },
  };
}

function textOf({ msgtype, text, content }: RobotMessage): string | null {
  if (msgtype === 'text') return (text?.content ?? '').trim();
  if (msgtype === 'richText')
    return (content?.richText ?? [])
      .map((part) => part.text ?? '')
      .join('')
      .trim();
  if (msgtype === 'audio' && content?.recognition) return content.recognition.trim();
  return null;
}

/** An `outTrackId` of ours: it carries the conversation and the card, so that a press finds both. */
export function trackId(conversation: string, key: string, cardId: string): string {
  return `xq_${Buffer.from(conversation).toString('base64url')}_${key}_${cardId}`;
}

/** A pressed button; null for a card that is none of ours. */
export function fromCard(data: string, messageId: string): Incoming | null {
  const callback = JSON.parse(data) as { outTrackId?: string; userId?: string; content?: string };
  const [, place = '', cardId = ''] = /^xq_([\w-]+?)_xq-\d+_(.+)$/.exec(callback.outTrackId ?? '') ?? [];
  const content = JSON.parse(callback.content ?? '{}') as {
    cardPrivateData?: { actionIds?: string[]; params?: { form?: unknown } };
  };
  const { actionIds = [], params } = content.cardPrivateData ?? {};
  const button = actionIds[0] === submitPlace ? submitPlace : (actionIds[0]?.replace(/\D/g, '') ?? '');
  if (!place || !callback.userId || button === '') return null;
  const conversation = Buffer.from(place, 'base64url').toString();
  return {
    id: `card:${messageId}`,
    message: {
      person: `dingtalk:${callback.userId}`,
      conversation,
      text: '',
      action: {
        name: 'press',
        args: { card: cardId, button },
        ...(params?.form ? { filled: filledIn(params.form) } : {}),
      },
    },
    handle: { group: true, staffId: callback.userId, webhook: '', webhookUntil: 0 },
  };
}
