import { AppError } from '../errors.ts';

export interface HttpRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  /** Whether the call may change something: then an unclear ending is in doubt, else it is merely tried again. */
  effect: boolean;
  /** Refusals whose body is handed back instead of thrown: some servers say there what is wrong. */
  readRefusal?: (text: string) => boolean;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** Codes of connections that were never made: nothing can have happened over there. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * One POST. No address, header or body ever gets into an error.
 * Codes: `http.unreachable` (transient), `http.timeout` and `http.cut` (in_doubt with an effect, else transient), `http.server`
 * (5xx, likewise), `http.busy` (429), `http.refused` (other 4xx, config). Category transport, 429 rate_limited.
 */
export async function post(request: HttpRequest): Promise<HttpAnswer> {
  const unclear = request.effect ? 'in_doubt' : 'transient';
  let status: number;
  let headers: Headers;
  let text: string;
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    ({ status, headers } = response);
    text = await response.text();
  } catch (error) {
    const { name, cause } = error as { name?: string; cause?: { code?: string } };
    if (name === 'TimeoutError') throw new AppError('http.timeout', unclear, { category: 'transport' });
    if (neverSent.has(cause?.code ?? ''))
      throw new AppError('http.unreachable', 'transient', { category: 'transport' });
    throw new AppError('http.cut', unclear, { category: 'transport' });
  }
  if (status >= 400 && request.readRefusal?.(text)) return { status, headers, text };
  if (status === 429) {
    const seconds = Number(headers.get('retry-after'));
    throw new AppError('http.busy', 'rate_limited', {
      category: 'rate_limited',
      retryAfterMs: seconds > 0 ? seconds * 1000 : 1000,
    });
  }
  if (status >= 500) throw new AppError('http.server', unclear, { category: 'transport', params: { status } });
  if (status >= 300) throw new AppError('http.refused', 'config', { category: 'transport', params: { status } });
  return { status, headers, text };
}

/** Tries again what is transient or rate limited, with exponential back-off or the other side's own hint. */
export async function withRetry<T>(
  work: () => Promise<T>,
  options: { attempts: number; baseMs: number; maxMs: number; sleep: (ms: number) => Promise<void> },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof AppError && (error.kind === 'transient' || error.kind === 'rate_limited');
      if (!again || attempt >= options.attempts) throw error;
      await options.sleep(error.retryAfterMs ?? Math.min(options.maxMs, options.baseMs * 2 ** (attempt - 1)));
    }
  }
}
