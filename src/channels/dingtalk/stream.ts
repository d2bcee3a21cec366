import { DWClient, type DWClientDownStream, TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream';
import type WebSocket from 'ws';
import type { DingtalkSettings } from '../../config.ts';
import { call } from '../call.ts';

export interface StreamTimes {
  /** First and longest wait between attempts, ms. */
  backoffMs: number;
  maxBackoffMs: number;
  pingMs: number;
  /** A link without a frame for so long is dead. */
  deadMs: number;
  openTimeoutMs: number;
  /** How long what is still under way on a link that is given up may take. */
  lastFramesMs: number;
}

export const streamTimes: StreamTimes = {
  backoffMs: 1000,
  maxBackoffMs: 60_000,
  pingMs: 30_000,
  deadMs: 90_000,
  openTimeoutMs: 10_000,
  lastFramesMs: 1000,
};

interface StreamParts {
  settings: DingtalkSettings;
  times: StreamTimes;
  /** Keeps what came in; the platform is acknowledged when this resolves. */
  onRobot: (data: string, messageId: string) => Promise<void>;
  onCard: (data: string, messageId: string) => Promise<void>;
  onError: (error: unknown, where: string) => void;
}

/** Asks where to connect; the ticket opens one socket. */
export async function openLink(
  { apiBase, clientId, clientSecret }: DingtalkSettings,
  timeoutMs = streamTimes.openTimeoutMs,
  stop?: AbortSignal,
): Promise<string> {
  const subscriptions = [
    { type: 'EVENT', topic: '*' },
    { type: 'CALLBACK', topic: TOPIC_ROBOT },
    { type: 'CALLBACK', topic: TOPIC_CARD },
  ];
  const { status, body } = await call(`${apiBase}/v1.0/gateway/connections/open`, {
    body: { clientId, clientSecret, ua: 'xiaoqing', subscriptions },
    timeoutMs,
    ...(stop ? { stop } : {}),
  });
  if (typeof body.endpoint !== 'string' || typeof body.ticket !== 'string') throw new Error(`open refused: ${status}`);
  return `${body.endpoint}?ticket=${encodeURIComponent(body.ticket)}`;
}

/** The SDK's client on one socket: opened at our own address, without its reconnecting, its timers and its shared subscriptions. */
class OneLink extends DWClient {
  readonly #settings: DingtalkSettings;
  readonly #openTimeoutMs: number;
  readonly #stop: AbortSignal;
  onRotation: () => void = () => undefined;

  constructor(settings: DingtalkSettings, openTimeoutMs: number, stop: AbortSignal) {
    super({
      clientId: settings.clientId,
      clientSecret: settings.clientSecret,
      keepAlive: false,
      ...({ autoReconnect: false, subscriptions: [{ type: 'EVENT', topic: '*' }] } as object),
    });
    this.#settings = settings;
    this.#openTimeoutMs = openTimeoutMs;
    this.#stop = stop;
  }

  override async getEndpoint(): Promise<this> {
    (this as unknown as { dw_url: string }).dw_url = await openLink(this.#settings, this.#openTimeoutMs, this.#stop);
    return this;
  }

  override onSystem(downstream: DWClientDownStream): void {
    super.onSystem(downstream);
    if (downstream.headers.topic === 'disconnect') this.onRotation();
  }

  /** A frame that is no JSON would end the process. */
  override onDownStream(data: string): void {
    try {
      super.onDownStream(data);
    } catch {
      // dropped: the platform delivers again what it does not see acknowledged
    }
  }

  get openSocket(): WebSocket | undefined {
    return (this as unknown as { socket?: WebSocket }).socket;
  }
}

/**
 * Holds one link to DingTalk, for ever: a fresh client for every attempt, back-off with jitter, a new link as soon as the platform
 * says it will drop the old one, and a watchdog for links that only look alive. Never two links, never an unhandled rejection.
 */
export class DingtalkStream {
  readonly #parts: StreamParts;
  readonly #stopping = new AbortController();
  #link: OneLink | null = null;
  #wake: () => void = () => undefined;
  #loop: Promise<void> | null = null;
  up = false;
  everUp = false;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop = this.#forEver();
  }

  async #forEver(): Promise<void> {
    const { times, onError } = this.#parts;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      const began = Date.now();
      let rotated = false;
      try {
        rotated = await this.#live();
      } catch (error) {
        onError(error, 'dingtalk.stream');
      }
      if (this.#stopping.signal.aborted) return;
      // A link that held is no failure; at most one attempt a second either way.
      const lasted = Date.now() - began;
      failures = rotated || lasted > times.deadMs ? 0 : failures + 1;
      const most = Math.min(times.maxBackoffMs, times.backoffMs * 2 ** Math.min(failures, 10));
      await this.#sleep(failures > 1 ? most * (0.5 + Math.random() / 2) : Math.max(0, times.backoffMs - lasted));
    }
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One link from open to end; whether the platform asked for a new one. */
  async #live(): Promise<boolean> {
    const { settings, times } = this.#parts;
    const link = new OneLink(settings, times.openTimeoutMs, this.#stopping.signal);
    this.#link = link;
    for (const [topic, take] of [
      [TOPIC_ROBOT, this.#parts.onRobot],
      [TOPIC_CARD, this.#parts.onCard],
    ] as const)
      link.registerCallbackListener(topic, (frame) => void this.#take(link, frame, take));
    await link.getEndpoint();
    if (this.#stopping.signal.aborted) return false;
    // Not waited for: an upgrade that hangs settles never. What counts is the socket's own life.
    (link as unknown as { _connect(): Promise<void> })._connect().catch(() => undefined);
    const socket = link.openSocket;
    if (!socket) throw new Error('no socket');
    return await this.#untilClosed(link, socket, times);
  }

  async #untilClosed(link: OneLink, socket: WebSocket, times: StreamTimes): Promise<boolean> {
    let last = Date.now();
    let rotated = false;
    return await new Promise<boolean>((resolve) => {
      const alive = (): void => {
        last = Date.now();
      };
      const opening = setTimeout(() => socket.readyState !== 1 && socket.terminate(), times.openTimeoutMs);
      const ping = setInterval(() => {
        if (Date.now() - last > times.deadMs) socket.terminate();
        else if (socket.readyState === 1) socket.ping();
      }, times.pingMs);
      const end = (): void => {
        clearTimeout(opening);
        clearInterval(ping);
        this.up = false;
        socket.removeAllListeners();
        socket.on('error', () => undefined);
        socket.terminate();
        resolve(rotated);
      };
      // What is under way on the old link still comes; only then is there a new one.
      const giveUp = (): void => {
        rotated = true;
        socket.close();
        setTimeout(end, times.lastFramesMs).unref();
      };
      const opened = (): void => {
        clearTimeout(opening);
        this.up = true;
        this.everUp = true;
      };
      if (socket.readyState === 1) opened();
      else socket.once('open', opened);
      socket.on('message', alive).on('pong', alive).on('ping', alive);
      socket.once('close', end).on('error', () => undefined);
      link.onRotation = giveUp;
      if (socket.readyState > 1) end();
      this.#wake = end;
    });
  }

  /** Kept first, then acknowledged; a throw here would end the process. */
  async #take(
    link: OneLink,
    frame: DWClientDownStream,
    take: (data: string, messageId: string) => Promise<void>,
  ): Promise<void> {
    const { messageId } = frame.headers;
    try {
      await take(frame.data, messageId);
      link.send(messageId, {});
    } catch (error) {
      this.#parts.onError(error, 'dingtalk.message'); // not acknowledged: it comes again
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#loop;
    this.#link?.removeAllListeners();
  }
}
