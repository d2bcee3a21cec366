import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FeishuChannel } from '../channels/feishu/channel.ts';
import { maxBody, mostDiscarded } from './body.ts';

const paths = new Set(['/webhooks/feishu/event', '/webhooks/feishu/card']);

/**
 * The platforms' own calls, taken before everything the page and the API need: they come in floods and have a second to be answered.
 * Nothing is parsed before its size and its signature are known; what is too large is read to its end unkept, so that the refusal arrives.
 * False = not one of these.
 */
export function takeWebhook(
  feishu: FeishuChannel | null,
  request: IncomingMessage,
  response: ServerResponse,
  onError: (error: unknown, where: string) => void,
): boolean {
  const { url = '', method } = request;
  const query = url.indexOf('?');
  if (!feishu || method !== 'POST' || !paths.has(query < 0 ? url : url.slice(0, query))) return false;
  const answer = (status: number, body: object): void => {
    const text = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    response.writeHead(status, status === 413 ? { ...headers, connection: 'close' } : headers).end(text);
  };
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBody) chunks.push(chunk);
    else chunks.length = 0;
    if (size > mostDiscarded && !response.headersSent) answer(413, {});
  });
  request.on('end', () => {
    if (response.headersSent) return;
    if (size > maxBody) return answer(413, {});
    const raw = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    feishu.webhook({ raw, header: (name) => String(request.headers[name] ?? '') }).then(
      ({ status, body }) => answer(status, body),
      (error: unknown) => {
        onError(error, 'webhook');
        answer(500, {}); // not kept: it comes again
      },
    );
  });
  return true;
}
