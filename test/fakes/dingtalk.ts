import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { WebSocket } from 'ws';
import { pause, startApp, type TestApp } from './app.ts';
import { DingtalkApi } from './dingtalk/api.ts';
import type { Answer, PlatformCall } from './platform.ts';

interface Frame {
  headers: Record<string, string>;
  data: string;
}

/** A DingTalk that the real SDK connects to: open, single-use tickets, frames, redelivery of what is not acknowledged, its API. */
export class FakeDingtalk extends DingtalkApi {
  get opens(): number {
    return this.knocks.length;
  }
  /** How the open call fails: a status, or never an answer. */
  refuseOpen: boolean | 401 | 500 | 'hang' = false;
  refuseUpgrade = false;
  /** The real one does not always say it. */
  registers = true;
  redeliverMs = 60_000;
  protected readonly repeats = { factors: [1], forEver: true };
  /** System pings that came back as they have to: every header and the data, unchanged. */
  echoes = 0;
  readonly #tickets = new Set<string>();
  readonly #pings = new Map<string, Frame>();

  protected answer(call: PlatformCall): Answer {
    if (call.path !== '/v1.0/gateway/connections/open') return this.api(call);
    this.knocks.push(Date.now());
    if (this.refuseOpen === 'hang') return null;
    if (this.refuseOpen) return [this.refuseOpen === true ? 401 : this.refuseOpen, { code: 'invalid' }];
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return [200, { endpoint: `${this.origin.replace('http', 'ws')}/connect`, ticket }];
  }

  protected admits(query: URLSearchParams): boolean {
    return this.#tickets.delete(query.get('ticket') ?? '') && !this.refuseUpgrade;
  }

  protected joined(socket: WebSocket): void {
    this.#system(socket, 'CONNECTED');
    if (this.registers) this.#system(socket, 'REGISTERED');
    this.#system(socket, 'KEEPALIVE');
  }

  protected heard(_socket: WebSocket, data: Buffer): void {
    const { code, headers, data: text } = JSON.parse(String(data)) as Frame & { code: number };
    const id = headers.messageId ?? '';
    const ping = this.#pings.get(id);
    if (ping && isDeepStrictEqual({ headers, data: text }, ping)) this.echoes += 1;
    if (code === 200) this.settle(id);
  }

  #system(socket: WebSocket, topic: string, data: object = {}): Frame {
    const headers = { topic, messageId: randomUUID(), time: String(Date.now()), contentType: 'application/json' };
    const frame = { headers, data: JSON.stringify(data) };
    this.send(socket, JSON.stringify({ specVersion: '1.0', type: 'SYSTEM', ...frame }));
    return frame;
  }

  system(topic: string, data: object = {}): void {
    for (const socket of this.sockets) this.#system(socket, topic, data);
  }

  /** Asks every link for a sign of life. */
  ping(): void {
    for (const socket of this.sockets) {
      const frame = this.#system(socket, 'ping', { opaque: randomUUID() });
      this.#pings.set(frame.headers.messageId ?? '', frame);
    }
  }

  /** Says that the links will end, and ends them a while later, as the platform does about every 12 hours. */
  rotate(closeAfterMs: number): void {
    const leaving = [...this.sockets];
    this.system('disconnect', { reason: 'persistent connection is timeout' });
    setTimeout(() => {
      for (const socket of leaving) socket.terminate();
    }, closeAfterMs);
  }

  push(topic: string, data: object, messageId: string = randomUUID()): void {
    const headers = { appId: 'a', connectionId: 'c', contentType: 'application/json', messageId, time: '0', topic };
    const frame = JSON.stringify({ specVersion: '1.0', type: 'CALLBACK', headers, data: JSON.stringify(data) });
    this.deliver(messageId, (socket) => this.send(socket, frame));
  }

  /** A person says something in a group. The session it can be answered in ends at `until`. */
  say(
    text: string,
    { id = String(randomUUID()), person = 'staff1', group = 'cidG1', until = 4_102_444_800_000, more = {} } = {},
  ): string {
    this.push('/v1.0/im/bot/messages/get', {
      msgId: id,
      msgtype: 'text',
      text: { content: ` ${text}` },
      conversationId: group,
      conversationType: '2',
      senderStaffId: person,
      senderId: '$:x',
      sessionWebhook: `${this.origin}/robot/sendBySession?session=1&until=${until}`,
      sessionWebhookExpiredTime: until,
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
}

/** A house whose people are on this DingTalk, connected. */
export async function startOnDingtalk(
  env: Record<string, string> = {},
): Promise<{ gateway: FakeDingtalk; app: TestApp }> {
  const gateway = await new FakeDingtalk().start();
  const app = await startApp({
    DINGTALK_CLIENT_ID: 'ding1',
    DINGTALK_CLIENT_SECRET: 's',
    DINGTALK_API_BASE: gateway.origin,
    DINGTALK_OAPI_BASE: gateway.origin,
    DINGTALK_CARD_TEMPLATE_ID: 'tpl.schema',
    ...env,
  });
  await app.conversations.start();
  while (gateway.sockets.size === 0) await pause();
  return { gateway, app };
}
