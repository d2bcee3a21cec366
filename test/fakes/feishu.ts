import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';
import { type WebSocket, WebSocketServer } from 'ws';
import { pause, startApp, type TestApp } from './app.ts';

const frames = protobuf
  .parse(`syntax = "proto2"; package pbbp2;
message Header { required string key = 1; required string value = 2; }
message Frame { required uint64 SeqID = 1; required uint64 LogID = 2; required int32 service = 3; required int32 method = 4;
  repeated Header headers = 5; optional string payloadEncoding = 6; optional string payloadType = 7; optional bytes payload = 8; optional string LogIDNew = 9; }`)
  .root.lookupType('pbbp2.Frame');

export interface Said {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

export const bot = 'ou_bot';

/** A Feishu that the real SDK connects to: endpoint, protobuf frames with redelivery, messages, cards with their rules. */
export class FakeFeishu {
  readonly said: Said[] = [];
  readonly acked: string[] = [];
  endpointCode = 0;
  /** Refuses the next sends: a business code in HTTP 200, or with 429. */
  refuse: { code: number; times: number; status?: number } | null = null;
  redeliverMs = 3000;
  readonly sockets = new Set<WebSocket>();
  readonly uuids = new Set<string>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #server = createServer();
  readonly #ws = new WebSocketServer({ noServer: true });
  #token = 't-1';
  #last = 0;

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    this.#server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      // JSON, or a form as its text.
      const body = (text.startsWith('--') ? { form: text } : text ? JSON.parse(text) : {}) as Record<string, unknown>;
      const [status, answer] = this.#answer(
        request.method ?? '',
        request.url ?? '',
        body,
        String(request.headers.authorization ?? ''),
      );
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    this.#server.on('upgrade', (request, socket, head) =>
      this.#ws.handleUpgrade(request, socket, head, (client) => {
        client.on('close', () => this.sockets.delete(client));
        client.on('message', (data: Buffer) => this.#frame(client, data));
        setTimeout(() => this.sockets.add(client), 10); // the SDK listens a little after `open`
      }),
    );
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  #answer(method: string, url: string, body: Record<string, unknown>, auth: string): [number, object] {
    const path = url.split('?')[0] ?? '';
    if (path === '/callback/ws/endpoint') {
      const origin = this.origin.replace('http', 'ws');
      return [
        200,
        {
          code: this.endpointCode,
          msg: '',
          data: {
            URL: `${origin}/ws/v2?device_id=1&service_id=7`,
            ClientConfig: { ReconnectCount: -1, ReconnectInterval: 1, ReconnectNonce: 0, PingInterval: 60 },
          },
        },
      ];
    }
    if (path.endsWith('/tenant_access_token/internal'))
      return [200, { code: 0, tenant_access_token: this.#token, expire: 7200 }];
    if (auth !== `Bearer ${this.#token}`) return [400, { code: 99991663, msg: 'invalid token' }];
    if (path === '/open-apis/bot/v3/info') return [200, { code: 0, bot: { open_id: bot, app_name: '小青' } }];
    if (this.refuse && this.refuse.times > 0) {
      this.refuse.times -= 1;
      return [this.refuse.status ?? 200, { code: this.refuse.code, msg: 'no' }];
    }
    const uuid = typeof body.uuid === 'string' ? body.uuid : null;
    if (uuid && this.uuids.has(uuid)) return [200, { code: 0, data: { message_id: `om_${uuid}` } }];
    if (uuid) this.uuids.add(uuid);
    this.said.push({ method, path, body });
    this.#last += 1;
    if (path === '/open-apis/im/v1/images') return [200, { code: 0, data: { image_key: 'img_1' } }];
    if (path === '/open-apis/im/v1/files') return [200, { code: 0, data: { file_key: 'file_1' } }];
    return [200, { code: 0, data: { message_id: uuid ? `om_${uuid}` : `om_sent${this.#last}` } }];
  }

  expireToken(): void {
    this.#token = `t-${randomUUID()}`;
  }

  #frame(client: WebSocket, data: Buffer): void {
    const frame = frames.toObject(frames.decode(data), { longs: String }) as {
      method: number;
      headers: { key: string; value: string }[];
      payload?: Buffer;
    };
    const header = (key: string): string => frame.headers.find((one) => one.key === key)?.value ?? '';
    if (frame.method === 0) {
      client.send(
        frames
          .encode({ SeqID: 0, LogID: 0, service: 7, method: 0, headers: [{ key: 'type', value: 'pong' }] })
          .finish(),
      );
      return;
    }
    const id = header('message_id');
    const { code } = JSON.parse(Buffer.from(frame.payload ?? '').toString() || '{}') as { code?: number };
    if (code !== 200) return; // it comes again
    const timer = this.#waiting.get(id);
    if (timer) clearTimeout(timer);
    this.#waiting.delete(id);
    this.acked.push(id);
  }

  /** An event over the long connection, pushed again until it is acknowledged. */
  push(type: string, event: object, id: string = randomUUID()): void {
    this.#waiting.set(
      id,
      setTimeout(() => this.push(type, event, id), this.redeliverMs),
    );
    const envelope = { schema: '2.0', header: { event_id: id, event_type: type, token: 'v' }, event };
    const [...open] = this.sockets;
    open[Math.floor(Math.random() * open.length)]?.send(
      frames
        .encode({
          SeqID: 1,
          LogID: 1,
          service: 7,
          method: 1,
          headers: Object.entries({ type: 'event', message_id: id, sum: '1', seq: '0', trace_id: 't' }).map(
            ([key, value]) => ({ key, value }),
          ),
          payload: Buffer.from(JSON.stringify(envelope)),
        })
        .finish(),
    );
  }

  /** What a person says in a group, with 小青 mentioned unless told otherwise. */
  message(text: string, { id = `om_${randomUUID()}`, person = 'ou_1', chat = 'oc_1', mention = bot } = {}): object {
    return {
      sender: { sender_id: { open_id: person }, sender_type: 'user' },
      message: {
        message_id: id,
        chat_id: chat,
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text: mention ? `@_user_1 ${text}` : text }),
        mentions: mention
          ? [{ key: '@_user_1', id: { open_id: mention }, name: mention === bot ? '小青' : '老王' }]
          : [],
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
    this.push('card.action.trigger', {
      operator: { open_id: person },
      token: 'c-1',
      action: { tag: 'button', value, ...(form ? { form_value: form } : {}) },
      context: { open_message_id: message, open_chat_id: chat },
    });
  }

  async stop(): Promise<void> {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    for (const socket of this.sockets) socket.terminate();
    this.#ws.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A webhook call as the platform makes it. */
export function webhookCall(
  event: object,
  { key = 'encrypt', token = 'v', at = Date.now(), nonce = randomUUID() } = {},
): { body: string; headers: Record<string, string> } {
  const envelope = {
    schema: '2.0',
    header: { event_id: randomUUID(), event_type: 'im.message.receive_v1', token },
    event,
  };
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
  const encrypt = Buffer.concat([iv, cipher.update(JSON.stringify(envelope)), cipher.final()]).toString('base64');
  const body = JSON.stringify({ encrypt }, null, 1); // not minified: the raw bytes are what is signed
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHash('sha256')
    .update(timestamp + nonce + key + body)
    .digest('hex');
  return {
    body,
    headers: {
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
  };
}

/** A house whose people are on this Feishu, connected. */
export async function startOnFeishu(): Promise<{ gateway: FakeFeishu; app: TestApp }> {
  const gateway = await new FakeFeishu().start();
  const app = await startApp({
    FEISHU_APP_ID: 'cli_0123456789abcdef',
    FEISHU_APP_SECRET: 's',
    FEISHU_DOMAIN: gateway.origin,
  });
  await app.conversations.start();
  while (gateway.sockets.size === 0) await pause();
  return { gateway, app };
}
