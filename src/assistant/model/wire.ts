import { parsed } from './tool-call.ts';

/** A wait that an answer cannot outlast. */
const longestWaitSeconds = 5;

/**
 * Brings what comes over the wire into what the SDK can read: an answer that is sent whole although a stream was asked for, an
 * error with status 200, a page instead of an answer, and a `Retry-After` that is longer than anybody waits for an answer.
 */
export async function fetchStream(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (!response.ok) return withoutLongWait(response);
  const type = response.headers.get('content-type') ?? '';
  if (!/json|html/i.test(type)) return response;
  const body = await response.text();
  const whole = parsed(body) as { choices?: unknown; error?: unknown } | null | undefined;
  const event = whole?.choices ? whole : { error: whole?.error ?? whole ?? { code: 'not_json' } };
  return new Response(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`, {
    headers: { 'content-type': 'text/event-stream' },
  });
}

function withoutLongWait(response: Response): Response {
  const wait = Number(response.headers.get('retry-after'));
  if (!(wait > longestWaitSeconds)) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  return new Response(response.body, { status: response.status, headers });
}
