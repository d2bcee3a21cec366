import { randomUUID } from 'node:crypto';
import protobuf from 'protobufjs';
import type { WebSocket } from 'ws';
import { pause, startApp, type TestApp } from './app.ts';
import { bot, FeishuApi } from './feishu/api.ts';
import type { Answer, PlatformCall } from './platform.ts';

export { bot } from './feishu/api.ts';
export { challengeCall, sign, type WebhookCall, webhookCall } from './feishu/webhook.ts';

const frames = protobuf
  .parse(`syntax = "proto2"; package pbbp2;
message Header { required string key = 1; required string value = 2; }
message Frame { required uint64 SeqID = 1; required uint64 LogID = 2; required int32 service = 3; required int32 method = 4;
  repeated Header headers = 5; optional string payloadEncoding = 6; optional string payloadType = 7; optional bytes payload = 8; optional string LogIDNew = 9; }`)
  .root.lookupType('pbbp2.Frame');

const encode = (method: number, headers: Record<string, string>, payload?: Buffer): Uint8Array =>
  frames
    .encode({
      SeqID: 1,
      LogID: 1,
      service: 7,
      method,
      headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
      ...(payload ? { payload } : {}),
    })
    .finish();

/** A Feishu that the real SDK connects to: endpoint, protobuf frames with redelivery, its API. */
export class FakeFeishu extends FeishuApi {
  /** How the endpoint answers: its business code, its status, and whether there is `data` in it at all. */
  endpointCode = 0;
  endpointStatus = 200;
  endpointData = true;
  /** In seconds, as the platform gives it to the SDK. */
  readonly clientConfig = { ReconnectCount: -1, ReconnectInterval: 1, ReconnectNonce: 0, PingInterval: 60 };
  pong: 'none' | 'empty' | 'full' = 'empty';
  redeliverMs = 3000;
  /** 3 s without an acknowledgement, then after 15 s, 5 min, 1 h and 6 h. */
  protected readonly repeats = { factors: [1, 5, 100, 1200, 7200], forEver: false };
  /** Frames whose handler failed: acknowledged with another code than 200. */
  readonly failed: string[] = [];
  readonly #tokens = new Map<string, string>();

  protected answer(call: PlatformCall): Answer {
    if (call.path !== '/callback/ws/endpoint') return this.api(call);
    this.knocks.push(Date.now());
    const URL = `${this.origin.replace('http', 'ws')}/ws/v2?device_id=1&service_id=7`;
    const data = this.endpointData ? { data: { URL, ClientConfig: this.clientConfig } } : {};
    return [this.endpointStatus, { code: this.endpointCode, msg: '', ...data }];
  }

  protected admits(): boolean {
    return true;
  }

  protected joined(): void {}

  protected heard(socket: WebSocket, data: Buffer): void {
    const frame = frames.toObject(frames.decode(data), { longs: String }) as {
      method: number;
      headers: { key: string; value: string }[];
      payload?: Buffer;
    };
    if (frame.method === 0) {
      const config = this.pong === 'full' ? Buffer.from(JSON.stringify(this.clientConfig)) : undefined;
      if (this.pong !== 'none') this.send(socket, encode(0, { type: 'pong' }, config));
      return;
    }
    const id = frame.headers.find(({ key }) => key === 'message_id')?.value ?? '';
    const { code } = JSON.parse(Buffer.from(frame.payload ?? '').toString() || '{}') as { code?: number };
    if (code !== 200) return void this.failed.push(id); // it comes again
    this.answeredPress(this.#tokens.get(id) ?? '');
    this.settle(id);
  }

  /** An event over the long connection, in so many fragments, pushed again until it is acknowledged. */
  push(type: string, event: object, id: string = randomUUID(), parts = 1): void {
    const envelope = { schema: '2.0', header: { event_id: id, event_type: type, token: 'v' }, event };
    const bytes = Buffer.from(JSON.stringify(envelope));
    const size = Math.ceil(bytes.length / parts);
    this.deliver(id, (socket) => {
      for (let part = 0; part < parts; part++) {
        const headers = { type: 'event', message_id: id, sum: String(parts), seq: String(part), trace_id: 't' };
        this.send(socket, encode(1, headers, bytes.subarray(part * size, (part + 1) * size)));
      }
    });
  }

  /** What a person says in a group, with 小青 mentioned unless told otherwise. */
  message(
    text: string,
    { id = `om_${randomUUID()}`, person = 'ou_1', chat = 'oc_1', mention = bot, more = {} } = {},
  ): object {
    const content = JSON.stringify({ text: mention ? `@_user_1 ${text}` : text });
    this.know(id, chat, content);
    return {
      sender: { sender_id: { open_id: person }, sender_type: 'user' },
      message: {
        message_id: id,
        chat_id: chat,
        chat_type: 'group',
        message_type: 'text',
        content,
        mentions: mention
          ? [{ key: '@_user_1', id: { open_id: mention }, name: mention === bot ? '小青' : '老王' }]
          : [],
        ...more,
      },
    };
  }

  say(text: string, options: Parameters<FakeFeishu['message']>[1] = {}): void {
    this.push('im.message.receive_v1', this.message(text, options));
  }

  /** A pressed button; `form` is what was filled in beside it. */
  press(
    value: object,
    {
      person = 'ou_1',
      chat = 'oc_1',
      message = 'om_x',
      form,
    }: Partial<Record<'person' | 'chat' | 'message', string>> & { form?: object } = {},
  ): void {
    const id = randomUUID();
    const token = this.pressed(message);
    this.#tokens.set(id, token);
    const event = {
      operator: { open_id: person },
      token,
      action: { tag: 'button', value, ...(form ? { form_value: form } : {}) },
      context: { open_message_id: message, open_chat_id: chat },
    };
    this.push('card.action.trigger', event, id);
  }
}

/** A house whose people are on this Feishu, connected. */
export async function startOnFeishu(env: Record<string, string> = {}): Promise<{ gateway: FakeFeishu; app: TestApp }> {
  const gateway = await new FakeFeishu().start();
  const app = await startApp({
    FEISHU_APP_ID: 'cli_0123456789abcdef',
    FEISHU_APP_SECRET: 's',
    FEISHU_DOMAIN: gateway.origin,
    ...env,
  });
  await app.conversations.start();
  while (gateway.sockets.size === 0) await pause();
  return { gateway, app };
}
