import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a bot did on the platform, in order. */
export interface Said {
  method: string;
  path: string;
  body: Record<string, unknown>;
  /** Milliseconds since 1970. */
  at: number;
}

export interface PlatformCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Of a form, its text. */
  body: Record<string, unknown>;
}

/** Null hangs: the caller is left without an answer. */
export type Answer = [status: number, body: object, headers?: Record<string, string>] | null;

/** At most `count` within `withinMs`, of each key by itself. */
export class Limit {
  readonly #count: number;
  readonly #withinMs: number;
  readonly #taken = new Map<string, number[]>();

  constructor(count: number, withinMs: number) {
    this.#count = count;
    this.#withinMs = withinMs;
  }

  allows(key = ''): boolean {
    const now = Date.now();
    const recent = (this.#taken.get(key) ?? []).filter((at) => at > now - this.#withinMs);
    const allowed = recent.length < this.#count;
    if (allowed) recent.push(now);
    this.#taken.set(key, recent);
    return allowed;
  }

  /** After how many ms one more goes. */
  resetMs(key = ''): number {
    const taken = this.#taken.get(key) ?? [];
    return Math.max(0, (taken.at(-this.#count) ?? 0) + this.#withinMs - Date.now());
  }
}

/** The SDKs listen for frames a little after the socket is open; what is pushed before is lost, as it is on the real ones. */
const listensAfterMs = 10;

/**
 * What the two chat platforms have in common: an HTTP API, links that bots open, and pushes that go to one random link and come
 * again until they are acknowledged.
 */
export abstract class Platform {
  readonly said: Said[] = [];
  /** What it tried and was not let. */
  readonly refused: Said[] = [];
  readonly sockets = new Set<WebSocket>();
  /** When somebody asked for a link, ms since 1970. */
  readonly knocks: number[] = [];
  readonly acked: string[] = [];
  /** From a push to its acknowledgement, ms. */
  readonly ackMs: number[] = [];
  /** After how long without an acknowledgement the first repetition comes. */
  abstract redeliverMs: number;
  /** The waits before the repetitions, in `redeliverMs`; the last one for ever, or until they are used up. */
  protected abstract readonly repeats: { factors: readonly number[]; forEver: boolean };
  readonly #silent = new WeakSet<WebSocket>();
  readonly #waiting = new Map<string, { timer: NodeJS.Timeout; pushedAt: number }>();
  readonly #server = createServer();
  readonly #ws = new WebSocketServer({ noServer: true, autoPong: false });

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** One call of the API. */
  protected abstract answer(call: PlatformCall): Answer;
  /** Whether a link may be opened. */
  protected abstract admits(query: URLSearchParams): boolean;
  protected abstract joined(socket: WebSocket): void;
  /** A frame of the bot's. */
  protected abstract heard(socket: WebSocket, data: Buffer): void;

  async start(): Promise<this> {
    this.#server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      const text = Buffer.concat(chunks).toString('utf8');
      const form = text.startsWith('--');
      const answer = this.answer({
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        headers: request.headers,
        body: form ? { form: text } : text ? (JSON.parse(text) as Record<string, unknown>) : {},
      });
      if (!answer) return;
      const [status, body, headers] = answer;
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    this.#server.on('upgrade', (request, socket, head) => {
      if (!this.admits(new URL(request.url ?? '', 'http://x').searchParams)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      this.#ws.handleUpgrade(request, socket, head, (link) => {
        link.on('close', () => this.sockets.delete(link));
        link.on('error', () => undefined);
        link.on('ping', () => this.#silent.has(link) || link.pong());
        link.on('message', (data: Buffer) => this.#silent.has(link) || this.heard(link, data));
        setTimeout(() => {
          if (link.readyState !== link.OPEN) return;
          this.sockets.add(link);
          this.joined(link);
        }, listensAfterMs);
      });
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** Answers, and keeps what was asked among what was said or refused. */
  protected reply({ method, path, body }: PlatformCall, answer: Answer, refused = false): Answer {
    (refused ? this.refused : this.said).push({ method, path, body, at: Date.now() });
    return answer;
  }

  protected send(socket: WebSocket, data: string | Uint8Array): void {
    if (!this.#silent.has(socket)) socket.send(data);
  }

  /** The links that are open now look alive for ever and carry nothing any more, in neither direction. */
  silence(): void {
    for (const socket of this.sockets) this.#silent.add(socket);
  }

  /** Cuts one link, or all. */
  drop(count = this.sockets.size): void {
    for (const socket of [...this.sockets].slice(0, count)) socket.terminate();
  }

  /** Pushes to one random link, and again until somebody acknowledges `id`. */
  protected deliver(id: string, push: (socket: WebSocket) => void, attempt = 0): void {
    const { factors, forEver } = this.repeats;
    const factor = factors[attempt] ?? (forEver ? factors.at(-1) : undefined);
    clearTimeout(this.#waiting.get(id)?.timer);
    const again = (): void => this.deliver(id, push, attempt + 1);
    const timer = setTimeout(factor === undefined ? () => undefined : again, this.redeliverMs * (factor ?? 0));
    this.#waiting.set(id, { timer, pushedAt: performance.now() });
    const open = [...this.sockets];
    const socket = open[Math.floor(Math.random() * open.length)];
    if (socket) push(socket);
  }

  /** Somebody acknowledged; only the first time counts. */
  protected settle(id: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    this.acked.push(id);
    this.ackMs.push(performance.now() - waiting.pushedAt);
  }

  async stop(): Promise<void> {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    for (const socket of this.#ws.clients) socket.terminate();
    this.#ws.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
