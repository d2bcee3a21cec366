import * as lark from '@larksuiteoapi/node-sdk';
import type { FeishuSettings } from '../../config.ts';
import { quiet } from './api.ts';

const superviseMs = 5000;

type Handlers = Record<string, (event: unknown) => Promise<object | undefined>>;

/**
 * Holds one long connection to Feishu, for ever. The SDK reconnects by itself until it comes to `failed`, which is for ever there; then
 * we begin anew. Never two sockets.
 */
export class FeishuSocket {
  readonly #settings: FeishuSettings;
  readonly #onError: (error: unknown, where: string) => void;
  readonly #firstRetryMs: number | undefined;
  readonly #pingTimeoutS: number;
  #socket: lark.WSClient | null = null;
  #watch: NodeJS.Timeout | null = null;
  #everUp = false;

  /** `firstRetryMs`: the SDK waits up to 30 s before its first retry; tests do not. */
  constructor(
    settings: FeishuSettings,
    {
      onError,
      firstRetryMs,
      pingTimeoutS = 60,
    }: {
      onError: (error: unknown, where: string) => void;
      firstRetryMs?: number | undefined;
      pingTimeoutS?: number | undefined;
    },
  ) {
    this.#settings = settings;
    this.#onError = onError;
    this.#firstRetryMs = firstRetryMs;
    this.#pingTimeoutS = pingTimeoutS;
  }

  start(handlers: Handlers): void {
    this.#connect(handlers);
    this.#watch = setInterval(
      () => this.#state() === 'failed' && this.#connect(handlers),
      this.#firstRetryMs ?? superviseMs,
    );
  }

  #connect(handlers: Handlers): void {
    const { appId, appSecret, domain } = this.#settings;
    this.#socket?.close({ force: true });
    const socket = new lark.WSClient({
      appId,
      appSecret,
      domain,
      logger: quiet,
      autoReconnect: true,
      // A half-open link is never noticed without it.
      wsConfig: { pingTimeout: this.#pingTimeoutS },
      onReady: () => {
        this.#everUp = true;
      },
      onError: (error: unknown) => this.#onError(error, 'feishu.socket'),
    } as ConstructorParameters<typeof lark.WSClient>[0]);
    if (this.#firstRetryMs !== undefined)
      (socket as unknown as { wsConfig: { updateWs(config: object): void } }).wsConfig.updateWs({
        reconnectNonce: 0,
        reconnectInterval: this.#firstRetryMs,
      });
    this.#socket = socket;
    const eventDispatcher = new lark.EventDispatcher({ logger: quiet }).register(handlers as never);
    void Promise.resolve(socket.start({ eventDispatcher })).catch((error: unknown) =>
      this.#onError(error, 'feishu.socket'),
    );
  }

  #state(): string {
    return this.#socket?.getConnectionStatus().state ?? 'idle';
  }

  status(): { up: boolean; everUp: boolean } {
    const up = this.#state() === 'connected';
    return { up, everUp: this.#everUp || up };
  }

  stop(): void {
    if (this.#watch) clearInterval(this.#watch);
    this.#socket?.close({ force: true });
  }
}
