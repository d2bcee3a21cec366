import * as lark from '@larksuiteoapi/node-sdk';
import type { FeishuSettings } from '../../config.ts';
import { SendError, type SendFailure } from '../channel.ts';
import { type Limit, Limits } from '../limits.ts';
import { meaning } from '../refusal.ts';

/** The SDK speaks on stdout; we do not. */
export const quiet = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

const chatLimited = 230020;
const staleToken = new Set([99991663, 99991661, 99991668]);
const holdMs = 1000;

/** A refusal with Feishu's own code. */
export class FeishuError extends SendError {
  readonly code: number;
  /** Permissions the app lacks (99991672), by their names on the console. */
  readonly scopes: readonly string[];
  constructor(code: number, scopes: readonly string[], options: SendFailure) {
    super(`code ${code}`, options);
    this.code = code;
    this.scopes = scopes;
  }
}

interface Answer {
  code?: number;
  msg?: string;
  error?: { permission_violations?: { subject?: string }[] };
}

/** What a call is about, for the platform's limits. */
export interface About {
  /** Name of the API: 50 a second and 1000 a minute each. */
  api: string;
  /** 5 a second, shared by all robots in it. */
  chat?: string;
  /** 5 changes a second. */
  message?: string;
  /** 10 operations a second. */
  card?: string;
}

function limitsOf({ api, chat, message, card }: About): Limit[] {
  return [
    { key: api, count: 50, withinMs: 1000 },
    { key: `${api} minute`, count: 1000, withinMs: 60_000 },
    ...(chat ? [{ key: chat, count: 5, withinMs: 1000 }] : []),
    ...(message ? [{ key: message, count: 5, withinMs: 1000 }] : []),
    ...(card ? [{ key: card, count: 10, withinMs: 1000 }] : []),
  ];
}

/**
 * Feishu's API by its SDK, within its limits. What the SDK leaves out: refusals in HTTP 200 are errors, dead tokens are replaced, and
 * the first callers ask for one token together.
 */
export class FeishuApi {
  readonly #settings: FeishuSettings;
  readonly #limits: Limits;
  #client: lark.Client;
  #warm: Promise<void> | null = null;
  /** The robot's own open_id, once it is known. */
  bot: string | null = null;

  constructor(settings: FeishuSettings, pace: number) {
    this.#settings = settings;
    this.#limits = new Limits(pace);
    lark.defaultHttpInstance.defaults.timeout = 15_000;
    this.#client = this.#newClient();
  }

  #newClient(): lark.Client {
    const { appId, appSecret, domain } = this.#settings;
    return new lark.Client({ appId, appSecret, domain, cache: new lark.DefaultCache(), logger: quiet });
  }

  /** Who we are; at the same time the one question for a token. */
  async warm(): Promise<void> {
    this.#warm ??= this.#client.request({ method: 'GET', url: '/open-apis/bot/v3/info' }).then(
      (info: { bot?: { open_id?: string } }) => {
        this.bot = info.bot?.open_id ?? this.bot;
        if (this.bot === null) this.#warm = null;
      },
      () => {
        this.#warm = null; // asked again with the next call
      },
    );
    await this.#warm;
  }

  /** One call. Throws `FeishuError`, or `SendError` where nobody answered. */
  async call<T>(about: About, work: (client: lark.Client) => Promise<T>, again = true): Promise<T> {
    await this.warm();
    await this.#limits.slot(limitsOf(about));
    const { answer, result, status, wait } = await attempt(() => work(this.#client));
    const code = Number(answer.code ?? 0);
    if (code === 0 && status < 300) return result as T;
    if (again && staleToken.has(code)) {
      this.#client = this.#newClient();
      this.#warm = null;
      return await this.call(about, work, false);
    }
    const failure = meaning({ status, code, retryAfterMs: wait ?? holdMs });
    if (failure.retryAfterMs)
      this.#limits.hold(code === chatLimited && about.chat ? about.chat : about.api, failure.retryAfterMs);
    throw new FeishuError(code, scopesOf(answer), failure);
  }

  /** Asks for a token and who we are, whatever is known. */
  async identity(): Promise<void> {
    this.#client = this.#newClient();
    this.#warm = null;
    const info = await attempt(() => this.#client.request({ method: 'GET', url: '/open-apis/bot/v3/info' }));
    const code = Number(info.answer.code ?? 0);
    const { status } = info;
    if (code !== 0 || status >= 300) throw new FeishuError(code, scopesOf(info.answer), meaning({ status, code }));
  }

  stop(): void {
    this.#limits.stop();
  }
}

/** The answer of a call, whether the SDK resolves it or throws it. */
async function attempt<T>(
  work: () => Promise<T>,
): Promise<{ answer: Answer; result?: T; status: number; wait?: number | undefined }> {
  try {
    const result = await work();
    return { answer: (result ?? {}) as Answer, result, status: 200 };
  } catch (error) {
    const { response } = error as {
      response?: { status?: number; data?: Answer; headers?: Record<string, string> };
    };
    if (!response) throw new SendError(reasonOf(error), { reason: 'unreachable', recoverable: true });
    const status = response.status ?? 500;
    return {
      answer: { code: status, ...(typeof response.data === 'object' ? response.data : {}) },
      status,
      wait: Number(response.headers?.['x-ogw-ratelimit-reset']) * 1000 || undefined,
    };
  }
}

/** The SDK says a refused key in words: `failed to get tenant_access_token, code: 10014, …`. */
function reasonOf(error: unknown): string {
  return /code: \d+/.exec(error instanceof Error ? error.message : '')?.[0] ?? 'unreachable';
}

function scopesOf({ code, msg = '', error }: Answer): string[] {
  if (code !== 99991672) return [];
  const named = (error?.permission_violations ?? []).flatMap(({ subject }) => (subject ? [subject] : []));
  return named.length > 0 ? named : (/\[([^\]]*)\]/.exec(msg)?.[1]?.split(/,\s*/) ?? []);
}
