import { SendError } from './channel.ts';

export interface Answered {
  status: number;
  body: Record<string, unknown>;
}

/** One call to a platform, JSON or a form. No address, header or body gets into the error. */
export async function call(
  url: string,
  {
    method = 'POST',
    headers = {},
    body,
    timeoutMs = 15_000,
    stop,
  }: {
    method?: string;
    headers?: Record<string, string>;
    body?: object | FormData;
    timeoutMs?: number;
    /** Ends it before its time. */
    stop?: AbortSignal;
  },
): Promise<Answered> {
  const form = body instanceof FormData;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: { ...(form ? {} : { 'content-type': 'application/json' }), accept: 'application/json', ...headers },
      ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(stop ? [stop] : [])]),
    });
    text = await response.text();
  } catch {
    throw new SendError('unreachable', { reason: 'unreachable', recoverable: true });
  }
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // some refusals have no JSON
  }
  return { status: response.status, body: (parsed ?? {}) as Record<string, unknown> };
}
