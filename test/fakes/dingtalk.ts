import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Said {
  path: string;
  method: string;
  body: Record<string, unknown>;
}

/** A DingTalk that the real SDK connects to: open, single-use tickets, frames, redelivery of what is not acknowledged, cards. */
export class FakeDingtalk {
  readonly said: Said[] = [];
  readonly acked: string[] = [];
  opens = 0;
  /** Answers of the open call and of cards; changed by tests. */
  refuseOpen = false;
  refuseUpgrade = false;
  refuseCards: { status: number; code: string } | null = null;
  refuseTokens = false;
  refuseUploads = false;
  sessionError = 0;
  redeliverMs = 60_000;
  readonly sockets = new Set<WebSocket>();
  readonly #tickets = new Set<string>();
  readonly #waiting = new Map<string, { timer: NodeJS.Timeout }>();
  readonly #server = createServer();
  readonly #ws = new WebSocketServer({ noServer: true });
  #token = 'token-1';

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
        String(request.headers['x-acs-dingtalk-access-token'] ?? ''),
      );
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    this.#server.on('upgrade', (request, socket, head) => {
      const ticket = new URL(request.url ?? '', 'http://x').searchParams.get('ticket') ?? '';
      if (this.refuseUpgrade || !this.#tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      this.#ws.handleUpgrade(request, socket, head, (client) => {
        this.sockets.add(client);
        client.on('close', () => this.sockets.delete(client));
        client.on('message', (data: Buffer) => this.#ack(String(data)));
      });
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  #answer(method: string, url: string, body: Record<string, unknown>, token: string): [number, object] {
    const path = url.split('?')[0] ?? '';
    if (path === '/v1.0/gateway/connections/open') {
      this.opens += 1;
      if (this.refuseOpen) return [401, { code: 'invalid' }];
      const ticket = randomUUID();
      this.#tickets.add(ticket);
      return [200, { endpoint: `${this.origin.replace('http', 'ws')}/connect`, ticket }];
    }
    if (path === '/v1.0/oauth2/accessToken')
      return this.refuseTokens ? [500, {}] : [200, { accessToken: this.#token, expireIn: 7200 }];
    if (path === '/media/upload') return this.#upload(method, url, body);
    if (path === '/robot/sendBySession') {
      this.said.push({ method, path, body });
      return [200, this.sessionError ? { errcode: this.sessionError, errmsg: 'x' } : { errcode: 0, errmsg: 'ok' }];
    }
    if (token !== this.#token) return [401, { code: 'InvalidAuthentication' }];
    if (path.startsWith('/v1.0/card')) {
      if (this.refuseCards) return [this.refuseCards.status, { code: this.refuseCards.code }];
      const params = (body.cardData as { cardParamMap?: object } | undefined)?.cardParamMap ?? {};
      if (Object.values(params).some((value) => typeof value !== 'string')) return [400, { code: 'param.error' }];
    }
    this.said.push({ method, path, body });
    return [200, { processQueryKey: 'q', result: true }];
  }

  /** The old API: token in the address. */
  #upload(method: string, url: string, body: Record<string, unknown>): [number, object] {
    const asked = new URL(url, 'http://x').searchParams;
    if (asked.get('access_token') !== this.#token) return [200, { errcode: 40014, errmsg: 'invalid access_token' }];
    if (this.refuseUploads) return [200, { errcode: 40004, errmsg: 'no' }];
    this.said.push({ method, path: '/media/upload', body: { ...body, type: asked.get('type') } });
    return [200, { errcode: 0, media_id: '@media1' }];
  }

  /** Every token given out so far is refused from now on. */
  expireToken(): void {
    this.#token = `token-${randomUUID()}`;
  }

  #ack(text: string): void {
    const { headers } = JSON.parse(text) as { headers?: { messageId?: string } };
    const waiting = this.#waiting.get(headers?.messageId ?? '');
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(headers?.messageId ?? '');
    this.acked.push(headers?.messageId ?? '');
  }

  /** A frame to one random connection; pushed again until somebody acknowledges it. */
  push(topic: string, data: object, messageId = randomUUID()): void {
    const timer = setTimeout(() => this.push(topic, data, messageId), this.redeliverMs);
    this.#waiting.set(messageId, { timer });
    const [...open] = this.sockets;
    const socket = open[Math.floor(Math.random() * open.length)];
    socket?.send(
      JSON.stringify({
        specVersion: '1.0',
        type: 'CALLBACK',
        headers: { appId: 'a', connectionId: 'c', contentType: 'application/json', messageId, time: '0', topic },
        data: JSON.stringify(data),
      }),
    );
  }

  system(topic: string, data: object = {}): void {
    for (const socket of this.sockets)
      socket.send(
        JSON.stringify({
          specVersion: '1.0',
          type: 'SYSTEM',
          headers: { topic, messageId: 's' },
          data: JSON.stringify(data),
        }),
      );
  }

  /** A person says something in a group. */
  say(text: string, { id = String(randomUUID()), person = 'staff1', group = 'cidG1', more = {} } = {}): string {
    this.push('/v1.0/im/bot/messages/get', {
      msgId: id,
      msgtype: 'text',
      text: { content: ` ${text}` },
      conversationId: group,
      conversationType: '2',
      senderStaffId: person,
      senderId: '$:x',
      sessionWebhook: `${this.origin}/robot/sendBySession?session=1`,
      sessionWebhookExpiredTime: 4_102_444_800_000,
      ...more,
    });
    return id;
  }

  /** A pressed button, or a form handed in with what was filled in. */
  press(outTrackId: string, button: number | 'submit', person = 'staff1', form?: object): void {
    this.push('/v1.0/card/instances/callback', {
      type: 'actionCallback',
      outTrackId,
      userId: person,
      content: JSON.stringify({
        cardPrivateData: {
          actionIds: [button === 'submit' ? button : `b${button}`],
          params: form ? { form } : {},
        },
      }),
    });
  }

  async stop(): Promise<void> {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    for (const socket of this.sockets) socket.terminate();
    this.#ws.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
