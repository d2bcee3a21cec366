import type { FeishuSettings } from '../../config.ts';
import { phrase } from '../../phrases.ts';
import { type Channel, type Handle, type Incoming, noCard } from '../channel.ts';
import { escaped, inMarkdown, truncated, withoutMarkdown } from '../plain.ts';
import { wordsIn } from '../quoted.ts';
import { FeishuApi } from './api.ts';
import { feishuCard } from './card.ts';
import { examine } from './doctor.ts';
import { FeishuGrowing } from './growing.ts';
import { type FeishuEvent, fromEvent } from './messages.ts';
import { FeishuSocket } from './socket.ts';
import { type WebhookRequest, WebhookVerifier } from './webhook.ts';

export interface FeishuChannel extends Channel {
  /** One webhook call: what to answer. */
  webhook(request: WebhookRequest): Promise<{ status: number; body: object }>;
}

const longest = 3500;
/** An event wants its answer within 3 seconds; what takes longer goes on all the same. */
const answerWithinMs = 2000;

/** Feishu by its own SDK: long connection or webhook in, messages and JSON 2.0 cards out. `pace` scales the platform's limits. */
export function createFeishu(
  settings: FeishuSettings,
  {
    now,
    onError,
    firstRetryMs,
    pingTimeoutS,
    pace = 1,
  }: {
    now: () => Date;
    onError: (error: unknown, where: string) => void;
    firstRetryMs?: number;
    /** A link whose ping is not answered for so long is dead. */
    pingTimeoutS?: number;
    pace?: number;
  },
): FeishuChannel {
  const api = new FeishuApi(settings, pace);
  const socket = new FeishuSocket(settings, { onError, firstRetryMs, pingTimeoutS });
  let accept: (incoming: Incoming) => Promise<void> = async () => undefined;
  const { encryptKey, verificationToken } = settings;
  const verifier = encryptKey
    ? new WebhookVerifier({ encryptKey, ...(verificationToken ? { verificationToken } : {}) }, now)
    : null;

  const take = async (event: FeishuEvent): Promise<void> => {
    if (api.bot === null) await within(answerWithinMs, api.warm());
    const incoming = fromEvent(event, api.bot);
    if (incoming) await accept(incoming);
  };
  const toast = { toast: { type: 'info', content: phrase('channel.pressed') } };
  const press = async (event: FeishuEvent): Promise<object> => {
    const kept = take(event);
    kept.catch((error: unknown) => onError(error, 'feishu.press'));
    await within(answerWithinMs, kept);
    return toast;
  };
  const handlers = {
    'im.message.receive_v1': async (event: unknown) => void (await take(event as FeishuEvent)),
    'im.chat.member.bot.added_v1': async (event: unknown) =>
      void (await take({ ...(event as FeishuEvent), event_type: 'im.chat.member.bot.added_v1' })),
    'card.action.trigger': async (event: unknown) => await press(event as FeishuEvent),
  };

  /** Answers a message, in its thread when it has one; or says something to a conversation. */
  const send = async (
    conversation: string,
    msgType: 'text' | 'interactive' | 'image' | 'file',
    content: object,
    { handle, key }: { handle?: Handle; key: string },
  ): Promise<Handle> => {
    const chat = conversation.slice('feishu:'.length);
    const data = { msg_type: msgType, content: JSON.stringify(content), uuid: key };
    const messageId = handle?.messageId;
    const result = await (messageId
      ? api.call({ api: 'im.reply', chat }, (client) =>
          client.im.message.reply({
            path: { message_id: String(messageId) },
            data: { ...data, ...(handle.thread ? { reply_in_thread: true } : {}) },
          }),
        )
      : api.call({ api: 'im.create', chat }, (client) =>
          client.im.message.create({ params: { receive_id_type: 'chat_id' }, data: { ...data, receive_id: chat } }),
        ));
    return { messageId: result.data?.message_id ?? '', chat };
  };
  const growing = new FeishuGrowing(api, now, (conversation, content, options) =>
    send(conversation, 'interactive', content, options),
  );

  /** Uploads a file; what a message needs to show it. Not by the SDK's own methods: they lose the code of a refusal. */
  const upload = async ({ name, bytes }: { name: string; bytes: Buffer }): Promise<object> => {
    const picture = name.endsWith('.png');
    const data = picture
      ? { image_type: 'message', image: bytes }
      : { file_type: /\.xlsx?$/.test(name) ? 'xls' : 'stream', file_name: name, file: bytes };
    const { data: made } = await api.call({ api: picture ? 'im.image' : 'im.file' }, (client) =>
      client.request<{ data?: { image_key?: string; file_key?: string } }>({
        method: 'POST',
        url: `/open-apis/im/v1/${picture ? 'images' : 'files'}`,
        headers: { 'content-type': 'multipart/form-data' },
        data,
        timeout: 60_000,
      }),
    );
    return picture ? { image_key: made?.image_key } : { file_key: made?.file_key };
  };

  return {
    name: 'feishu',
    async start(onIncoming) {
      accept = onIncoming;
      void api.warm();
      if (settings.mode === 'websocket') socket.start(handlers);
    },
    async stop() {
      socket.stop();
      api.stop();
    },
    async send(conversation, { text, card }, { at, plain, ...options }) {
      if (card && !plain) {
        try {
          return await send(conversation, 'interactive', mentioning(feishuCard(card), at), options);
        } catch (error) {
          if (!noCard(error, options.attempts)) throw error;
          onError(new Error(phrase('channel.no_card')), 'feishu.card');
        }
      }
      const mention = at ? `<at user_id="${openIdOf(at)}"></at> ` : '';
      const words = withoutMarkdown(card ? inMarkdown(card) : escaped(text));
      const content = { text: `${mention}${truncated(words, longest)}` };
      await send(conversation, 'text', content, { ...options, key: `${options.key}t` });
      return null;
    },
    async move(handle, card) {
      if (handle.cardId) return await growing.replace(handle, feishuCard(card));
      const message = String(handle.messageId);
      const data = { content: JSON.stringify(feishuCard(card)) };
      const about = { api: 'im.patch', message, ...(handle.chat ? { chat: String(handle.chat) } : {}) };
      await api.call(about, (client) => client.im.message.patch({ path: { message_id: message }, data }));
    },
    async sendFile(conversation, file, options) {
      const msgType = file.name.endsWith('.png') ? 'image' : 'file';
      await send(conversation, msgType, await upload(file), options);
    },
    growing,
    async quotedText(ref) {
      const { data } = await api.call({ api: 'im.get' }, (client) =>
        // Without it, cards come back as a request to install a newer client.
        client.im.message.get({ path: { message_id: ref }, params: { card_msg_content_type: 'user_card_content' } }),
      );
      const [item] = data?.items ?? [];
      return item && !item.deleted ? wordsIn(item.body?.content) : '';
    },
    async acknowledge(handle) {
      if (!handle.messageId || handle.pressed) return;
      await api.call({ api: 'im.reaction' }, (client) =>
        client.im.messageReaction.create({
          path: { message_id: String(handle.messageId) },
          data: { reaction_type: { emoji_type: 'Get' } },
        }),
      );
    },
    check: () => examine(api),
    async webhook(request) {
      const verified = verifier?.verify(request) ?? null;
      if (!verified) return { status: 401, body: {} };
      if ('challenge' in verified) return { status: 200, body: { challenge: verified.challenge } };
      try {
        if (verified.event.action) return { status: 200, body: await press(verified.event) };
        await take(verified.event);
        return { status: 200, body: {} };
      } catch (error) {
        verifier?.forget(request);
        throw error;
      }
    },
    status: () =>
      settings.mode === 'webhook' ? { up: verifier !== null, everUp: verifier !== null } : socket.status(),
  };
}

const openIdOf = (person: string): string => person.replace(/^feishu:/, '').replace(/[^\w-]/g, '');

/** A card that wants somebody's attention says so in its first line. */
function mentioning(card: object, at: string | undefined): object {
  if (!at) return card;
  const { body } = card as { body: { elements: object[] } };
  const mention = { tag: 'markdown', content: `<at id=${openIdOf(at)}></at>` };
  return { ...card, body: { ...body, elements: [mention, ...body.elements] } };
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
