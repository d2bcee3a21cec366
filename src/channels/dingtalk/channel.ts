import { extname } from 'node:path';
import type { DingtalkSettings } from '../../config.ts';
import { phrase } from '../../phrases.ts';
import type { Channel, Handle, Incoming } from '../channel.ts';
import { SendError } from '../channel.ts';
import type { Card, Reply } from '../message.ts';
import { escaped, inMarkdown, truncated } from '../plain.ts';
import { DingtalkApi } from './api.ts';
import { cardParams } from './card.ts';
import { fromCard, fromRobot, trackId } from './messages.ts';
import { DingtalkStream, type StreamTimes, streamTimes } from './stream.ts';

const longest = 3500;

interface DingtalkHandle {
  group: boolean;
  staffId: string;
  webhook: string;
  /** Milliseconds since 1970. */
  webhookUntil: number;
}

/** DingTalk: stream mode in; session webhook, OpenAPI and interactive cards out. */
export function createDingtalk(
  settings: DingtalkSettings,
  {
    now,
    onError,
    times = streamTimes,
  }: { now: () => Date; onError: (error: unknown, where: string) => void; times?: StreamTimes },
): Channel {
  const api = new DingtalkApi(settings, now);
  let stream: DingtalkStream | null = null;

  const sendCard = async (
    conversation: string,
    card: Card,
    handle: DingtalkHandle | null,
    key: string,
  ): Promise<Handle> => {
    const outTrackId = trackId(conversation, key, card.id);
    const id = conversation.slice('dingtalk:'.length);
    const group = handle?.group ?? true;
    await api.call('POST', '/v1.0/card/instances/createAndDeliver', {
      cardTemplateId: settings.cardTemplateId,
      outTrackId,
      callbackType: 'STREAM',
      userIdType: 1,
      cardData: { cardParamMap: cardParams(card) },
      imGroupOpenSpaceModel: { supportForward: true },
      imRobotOpenSpaceModel: { supportForward: true },
      ...(group
        ? { openSpaceId: `dtv1.card//IM_GROUP.${id}`, imGroupOpenDeliverModel: { robotCode: settings.robotCode } }
        : {
            openSpaceId: `dtv1.card//IM_ROBOT.${handle?.staffId ?? ''}`,
            imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: settings.robotCode },
          }),
    });
    return { outTrackId };
  };

  const sendMessage = async (
    conversation: string,
    msgKey: string,
    param: object,
    handle: DingtalkHandle | null,
  ): Promise<void> => {
    const message = { robotCode: settings.robotCode, msgKey, msgParam: JSON.stringify(param) };
    const openConversationId = conversation.slice('dingtalk:'.length);
    if (handle && !handle.group)
      await api.call('POST', '/v1.0/robot/oToMessages/batchSend', { ...message, userIds: [handle.staffId] });
    else await api.call('POST', '/v1.0/robot/groupMessages/send', { ...message, openConversationId });
  };

  const sendText = async (
    conversation: string,
    { text, card }: Reply,
    handle: DingtalkHandle | null,
    at?: string,
  ): Promise<void> => {
    const staffId = at?.replace(/^dingtalk:/, '') ?? (handle?.group ? handle.staffId : '');
    const body = card ? inMarkdown(card) : escaped(text).replaceAll('\n', '\n\n');
    const mention = staffId && (handle === null || handle.group) ? `@${staffId} ` : '';
    const markdown = { title: truncated(card?.title ?? text, 40), text: truncated(`${mention}${body}`, longest) };
    if (handle?.webhook && handle.webhookUntil > now().getTime() + 10_000) {
      try {
        await api.reply(handle.webhook, {
          msgtype: 'markdown',
          markdown,
          at: { atUserIds: staffId ? [staffId] : [], isAtAll: false },
        });
        return;
      } catch (error) {
        if (error instanceof SendError && error.recoverable) throw error;
        // the session has ended early: the OpenAPI has no session
      }
    }
    await sendMessage(conversation, 'sampleMarkdown', markdown, handle);
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
    },
    async send(conversation, reply, { handle, at, key }) {
      const known = (handle ?? null) as DingtalkHandle | null;
      if (reply.card && settings.cardTemplateId) {
        try {
          return await sendCard(conversation, reply.card, known, key);
        } catch (error) {
          if (error instanceof SendError && error.recoverable) throw error;
          onError(new Error(phrase('channel.no_card')), 'dingtalk.card');
        }
      }
      await sendText(conversation, reply, known, at);
      return null;
    },
    async move(handle, card) {
      await api.call('PUT', '/v1.0/card/instances', {
        outTrackId: handle.outTrackId,
        cardData: { cardParamMap: cardParams(card) },
        cardUpdateOptions: { updateCardDataByKey: true },
      });
    },
    async sendFile(conversation, file, { handle }) {
      const known = (handle ?? null) as DingtalkHandle | null;
      const fileType = extname(file.name).slice(1);
      if (fileType === 'png') {
        const photoURL = await api.upload('image', file);
        await sendMessage(conversation, 'sampleImageMsg', { photoURL }, known);
      } else {
        const mediaId = await api.upload('file', file);
        await sendMessage(conversation, 'sampleFile', { mediaId, fileName: file.name, fileType }, known);
      }
    },
    check: () => api.check(),
    status: () => ({ up: stream?.up ?? false, everUp: stream?.everUp ?? false }),
  };
}
