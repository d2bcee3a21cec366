import { extname } from 'node:path';
import type { DingtalkSettings } from '../../config.ts';
import { phrase } from '../../phrases.ts';
import { type Channel, type Incoming, noCard, refused, SendError, type SendOptions } from '../channel.ts';
import { announced, escaped, inMarkdown, truncated } from '../plain.ts';
import { DingtalkApi } from './api.ts';
import { DingtalkCards } from './cards.ts';
import { examine } from './doctor.ts';
import { fromCard, fromRobot, trackId } from './messages.ts';
import { type DingtalkHandle, placeOf, webhookOf } from './place.ts';
import { DingtalkStream, type StreamTimes, streamTimes } from './stream.ts';

const longest = 3500;
/** The sign that somebody is at it, as DingTalk's own assistants show it. */
const thinking = { emotionId: '2659900', backgroundId: 'im_bg_1' };

const staffIdOf = (person: string): string => person.replace(/^dingtalk:/, '');

/** DingTalk: stream mode in; session webhook, OpenAPI and interactive cards out. `pace` scales the platform's limits. */
export function createDingtalk(
  settings: DingtalkSettings,
  {
    now,
    onError,
    times = streamTimes,
    pace = 1,
  }: { now: () => Date; onError: (error: unknown, where: string) => void; times?: StreamTimes; pace?: number },
): Channel {
  const api = new DingtalkApi(settings, now, pace);
  const cards = new DingtalkCards(api, settings);
  let stream: DingtalkStream | null = null;

  const sendMessage = async (
    conversation: string,
    msgKey: string,
    param: object,
    { last }: Pick<SendOptions, 'last'>,
  ): Promise<void> => {
    const { id, group, staffId } = placeOf(conversation, last);
    const message = { robotCode: settings.robotCode, msgKey, msgParam: JSON.stringify(param) };
    if (group) await api.call('POST', '/v1.0/robot/groupMessages/send', { ...message, openConversationId: id });
    else if (staffId) await api.call('POST', '/v1.0/robot/oToMessages/batchSend', { ...message, userIds: [staffId] });
    else throw new SendError('nobody to send to', { reason: 'client_error', recoverable: false });
  };

  const sendText: Channel['send'] = async (conversation, { text, card }, { handle, last, at }) => {
    const { group } = placeOf(conversation, last);
    const asker = (handle as DingtalkHandle | undefined)?.staffId ?? '';
    const mentioned = group ? (at ? staffIdOf(at) : asker) : '';
    const body = card ? inMarkdown(card) : escaped(text).replaceAll('\n', '\n\n');
    const markdown = {
      title: announced(card?.title ?? text, 40),
      text: truncated(mentioned ? `@${mentioned} ${body}` : body, longest),
    };
    const webhook = webhookOf(handle, last, now());
    if (webhook) {
      try {
        const atUserIds = mentioned ? [mentioned] : [];
        await api.reply(webhook, { msgtype: 'markdown', markdown, at: { atUserIds, isAtAll: false } });
        return null;
      } catch (error) {
        if (!refused(error)) throw error;
        // the session has ended early: the OpenAPI has no session
      }
    }
    await sendMessage(conversation, 'sampleMarkdown', markdown, { ...(last ? { last } : {}) });
    return null;
  };

  return {
    name: 'dingtalk',
    async start(accept) {
      const keep =
        (read: (data: string, messageId: string) => Incoming | null) =>
        async (data: string, messageId: string): Promise<void> => {
          const incoming = read(data, messageId);
          if (incoming) await accept(incoming);
        };
      stream = new DingtalkStream({ settings, times, onRobot: keep(fromRobot), onCard: keep(fromCard), onError });
      stream.start();
    },
    async stop() {
      await stream?.stop();
      api.stop();
    },
    async send(conversation, reply, options) {
      const place = placeOf(conversation, options.last);
      if (reply.card && !options.plain && settings.cardTemplateId && (place.group || place.staffId)) {
        const outTrackId = trackId(conversation, options.key, reply.card.id);
        try {
          const { at } = options;
          return await cards.create(place, outTrackId, reply.card, at ? { at: staffIdOf(at) } : {});
        } catch (error) {
          if (!noCard(error, options.attempts)) throw error;
          onError(new Error(phrase('channel.no_card')), 'dingtalk.card');
        }
      }
      return await sendText(conversation, reply, options);
    },
    async move({ id }, card) {
      await cards.move(String(id), card);
    },
    async sendFile(conversation, file, options) {
      const fileType = extname(file.name).slice(1);
      if (fileType === 'png') {
        const photoURL = await api.upload('image', file);
        await sendMessage(conversation, 'sampleImageMsg', { photoURL }, options);
      } else {
        const mediaId = await api.upload('file', file);
        await sendMessage(conversation, 'sampleFile', { mediaId, fileName: file.name, fileType }, options);
      }
    },
    ...(settings.cardTemplateId
      ? { growing: cards.growing((conversation, key) => trackId(conversation, key, 'answer')) }
      : {}),
    async acknowledge(handle) {
      const { msgId, conversationId } = handle as unknown as DingtalkHandle;
      if (!msgId) return;
      const emotionName = phrase('channel.thinking');
      await api.call('POST', '/v1.0/robot/emotion/reply', {
        robotCode: settings.robotCode,
        openMsgId: msgId,
        openConversationId: conversationId,
        emotionType: 2,
        emotionName,
        textEmotion: { ...thinking, emotionName, text: emotionName },
      });
    },
    check: () => examine(api, settings),
    status: () => ({ up: stream?.up ?? false, everUp: stream?.everUp ?? false }),
  };
}
