import * as lark from '@larksuiteoapi/node-sdk';
import type { FeishuSettings } from '../../config.ts';
import { phrase } from '../../phrases.ts';
import { type Channel, type Incoming, SendError } from '../channel.ts';
import { escaped, inMarkdown, truncated } from '../plain.ts';
import { feishuCard } from './card.ts';
import { type FeishuEvent, fromEvent } from './messages.ts';
import { type WebhookRequest, WebhookVerifier } from './webhook.ts';

export interface FeishuChannel extends Channel {
  /** One webhook call: what to answer. */
  webhook(request: WebhookRequest): Promise<{ status: number; body: object }>;
}

const quiet = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };
const longest = 3500;
const limited = new Set([99991400, 230020, 11232]);
const staleToken = new Set([99991663, 99991661, 99991668]);
const superviseMs = 5000;

/** Feishu by its own SDK: long connection or webhook in, messages and JSON 2.0 cards out. */
export function createFeishu(
  settings: FeishuSettings,
  {
    now,
    onError,
    firstRetryMs,
  }: {
    now: () => Date;
    onError: (error: unknown, where: string) => void;
    /** The SDK waits up to 30 s before its first retry; tests do not. */
    firstRetryMs?: number;
  },
): FeishuChannel {
  const { appId, appSecret, domain } = settings;
  lark.defaultHttpInstance.defaults.timeout = 10_000;
  const newClient = (): lark.Client =>
    new lark.Client({ appId, appSecret, domain, cache: new lark.DefaultCache(), logger: quiet });
  let client = newClient();
  let warm: Promise<unknown> | null = null;
  let bot: string | null = null;
  let accept: (incoming: Incoming) => Promise<void> = async () => undefined;
  let socket: lark.WSClient | null = null;
  let watch: NodeJS.Timeout | null = null;
  let everUp = false;
  const verifier = settings.encryptKey
    ? new WebhookVerifier(
        {
          encryptKey: settings.encryptKey,
          ...(settings.verificationToken ? { verificationToken: settings.verificationToken } : {}),
        },
        now,
      )
    : null;

  /** One API call. The SDK resolves refusals, keeps dead tokens and asks for a token once for every first caller. */
  const api = async <T>(work: (client: lark.Client) => Promise<T>, again = true): Promise<T> => {
    warm ??= client.request({ method: 'GET', url: '/open-apis/bot/v3/info' }).then(
      (info: { bot?: { open_id?: string } }) => {
        bot = info.bot?.open_id ?? bot;
      },
      () => undefined,
    );
    await warm;
    let code: number;
    let wait: number | undefined;
    let busy = false;
    try {
      const result = await work(client);
      code = Number((result as { code?: number } | null)?.code ?? 0);
      if (code === 0) return result;
    } catch (error) {
      const { response } = error as {
        response?: { status?: number; data?: { code?: number }; headers?: Record<string, string> };
      };
      if (!response) throw new SendError('unreachable', { recoverable: true });
      code = Number(response.data?.code ?? response.status);
      wait = Number(response.headers?.['x-ogw-ratelimit-reset']) * 1000 || undefined;
      busy = response.status === 429 || (response.status ?? 0) >= 500;
    }
    if (again && staleToken.has(code)) {
      client = newClient();
      warm = null;
      return await api(work, false);
    }
    const recoverable = busy || limited.has(code) || staleToken.has(code);
    throw new SendError(`code ${code}`, { recoverable, ...(recoverable ? { retryAfterMs: wait ?? 1000 } : {}) });
  };

  const take = async (event: FeishuEvent): Promise<void> => {
    if (bot === null) await api(async () => null).catch(() => undefined);
    const incoming = fromEvent(event, bot);
    if (incoming) await accept(incoming);
  };
  const toast = { toast: { type: 'info', content: phrase('channel.pressed') } };
  const handlers = {
    'im.message.receive_v1': async (event: unknown): Promise<void> => take(event as FeishuEvent),
    'im.chat.member.bot.added_v1': async (event: unknown): Promise<void> =>
      take({ ...(event as FeishuEvent), event_type: 'im.chat.member.bot.added_v1' }),
    'card.action.trigger': async (event: unknown): Promise<object> => {
      await take(event as FeishuEvent);
      return toast;
    },
  };

  const connect = (): void => {
    socket?.close({ force: true });
    socket = new lark.WSClient({
      appId,
      appSecret,
      domain,
      logger: quiet,
      autoReconnect: true,
      wsConfig: { pingTimeout: 60 },
      onReady: () => {
        everUp = true;
      },
      onError: (error: unknown) => onError(error, 'feishu.socket'),
    } as ConstructorParameters<typeof lark.WSClient>[0]);
    if (firstRetryMs !== undefined)
      (socket as unknown as { wsConfig: { updateWs(config: object): void } }).wsConfig.updateWs({
        reconnectNonce: 0,
        reconnectInterval: firstRetryMs,
      });
    const eventDispatcher = new lark.EventDispatcher({ logger: quiet }).register(handlers as never);
    void Promise.resolve(socket.start({ eventDispatcher })).catch((error: unknown) => onError(error, 'feishu.socket'));
  };
  const state = (): string => (socket ? socket.getConnectionStatus().state : 'idle');

  const send = async (
    conversation: string,
    msgType: 'text' | 'interactive' | 'image' | 'file',
    content: object,
    { messageId, key }: { messageId: string; key: string },
  ): Promise<string> => {
    const data = { msg_type: msgType, content: JSON.stringify(content), uuid: key };
    const result = messageId
      ? await api((one) => one.im.message.reply({ path: { message_id: messageId }, data }))
      : await api((one) =>
          one.im.message.create({
            params: { receive_id_type: 'chat_id' },
            data: { ...data, receive_id: conversation.slice('feishu:'.length) },
          }),
        );
    return result.data?.message_id ?? '';
  };

  /** Uploads a file; what a message needs to show it. Not by the SDK's own methods: they lose the code of a refusal. */
  const upload = async ({ name, bytes }: { name: string; bytes: Buffer }): Promise<object> => {
    const picture = name.endsWith('.png');
    const data = picture
      ? { image_type: 'message', image: bytes }
      : { file_type: /\.xlsx?$/.test(name) ? 'xls' : 'stream', file_name: name, file: bytes };
    const result = await api((one) =>
      one.request<{ data?: { image_key?: string; file_key?: string } }>({
        method: 'POST',
        url: `/open-apis/im/v1/${picture ? 'images' : 'files'}`,
        headers: { 'content-type': 'multipart/form-data' },
        data,
        timeout: 60_000,
      }),
    );
    return picture ? { image_key: result.data?.image_key } : { file_key: result.data?.file_key };
  };

  return {
    name: 'feishu',
    async start(onIncoming) {
      accept = onIncoming;
      void api(async () => null).catch((error: unknown) => onError(error, 'feishu'));
      if (settings.mode === 'webhook') return;
      connect();
      // `failed` is for ever in the SDK: after a while we begin anew.
      watch = setInterval(() => state() === 'failed' && connect(), firstRetryMs ?? superviseMs);
    },
    async stop() {
      if (watch) clearInterval(watch);
      socket?.close({ force: true });
    },
    async send(conversation, { text, card }, { handle, at, key }) {
      const messageId = String(handle?.messageId ?? '');
      if (card) {
        try {
          return { messageId: await send(conversation, 'interactive', feishuCard(card), { messageId, key }) };
        } catch (error) {
          if (error instanceof SendError && error.recoverable) throw error;
          onError(new Error(phrase('channel.no_card')), 'feishu.card');
        }
      }
      const mention = at ? `<at user_id="${at.replace(/^feishu:/, '').replace(/[^\w-]/g, '')}"></at> ` : '';
      const words = card ? inMarkdown(card).replaceAll('**', '') : escaped(text).replace(/\\([*_`[\]])/g, '$1');
      await send(
        conversation,
        'text',
        { text: `${mention}${truncated(words, longest)}` },
        { messageId, key: `${key}t` },
      );
      return null;
    },
    async sendFile(conversation, file, { handle, key }) {
      const messageId = String(handle?.messageId ?? '');
      const msgType = file.name.endsWith('.png') ? 'image' : 'file';
      await send(conversation, msgType, await upload(file), { messageId, key });
    },
    async move(handle, card) {
      await api((one) =>
        one.im.message.patch({
          path: { message_id: String(handle.messageId) },
          data: { content: JSON.stringify(feishuCard(card)) },
        }),
      );
    },
    async acknowledge(handle) {
      if (!handle.messageId) return;
      await api((one) =>
        one.im.messageReaction.create({
          path: { message_id: String(handle.messageId) },
          data: { reaction_type: { emoji_type: 'Get' } },
        }),
      );
    },
    async check() {
      await api((one) => one.request({ method: 'GET', url: '/open-apis/bot/v3/info' }));
    },
    async webhook(request) {
      const verified = verifier?.verify(request) ?? null;
      if (!verified) return { status: 401, body: {} };
      if ('challenge' in verified) return { status: 200, body: { challenge: verified.challenge } };
      await take(verified.event);
      return { status: 200, body: verified.event.action ? toast : {} };
    },
    status: () =>
      settings.mode === 'webhook'
        ? { up: verifier !== null, everUp: verifier !== null }
        : { up: state() === 'connected', everUp: everUp || state() === 'connected' },
  };
}
