import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChatRequest {
  model: string;
  messages: {
    role: string;
    content: string | null;
    tool_calls?: { id: string; function: { name: string; arguments: string } }[];
    tool_call_id?: string;
    reasoning_content?: string;
  }[];
  tools?: { function: { name: string; description: string; parameters: { properties: Record<string, object> } } }[];
  max_tokens?: number;
  max_completion_tokens?: number;
  temperature?: number;
  stream_options?: object;
}

/** What the scripted model says: words, calls of tools, or something a model should not do. */
export type Line =
  | { text: string }
  | { calls: { name: string; args: unknown }[] }
  | { fault: 'hang' | 'cut' | '429' | '500' | 'nonsense' | 'empty' }
  /** A stream as it was recorded, a body an event. */
  | { events: readonly (object | string)[] }
  /** Any answer of a server: refusals, and what is no stream. */
  | { status: number; body: object | string; headers?: Record<string, string> };

export interface FakeModel {
  url: string;
  requests: ChatRequest[];
  close(): Promise<void>;
}

/** An OpenAI-compatible endpoint that streams what `say` decides. */
export async function startModel(say: (request: ChatRequest, round: number) => Line): Promise<FakeModel> {
  const requests: ChatRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const asked = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatRequest;
    requests.push(asked);
    answer(response, say(asked, asked.messages.filter(({ role }) => role === 'tool').length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, line: Line): void {
  if ('status' in line) {
    const { status, body, headers } = line;
    const type = typeof body === 'string' ? 'text/html' : 'application/json';
    response.writeHead(status, { 'content-type': type, 'retry-after-ms': '1', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
    return;
  }
  if ('events' in line) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const bodies = line.events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event)));
    response.end(bodies.map((body) => `data: ${body}\n\n`).join(''));
    return;
  }
  const fault = 'fault' in line ? line.fault : null;
  if (fault === 'hang') return;
  if (fault === '429' || fault === '500') {
    response.writeHead(Number(fault), { 'content-type': 'application/json', 'retry-after-ms': '1' });
    response.end('{"error":{"message":"no"}}');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (fault === 'nonsense') {
    response.end('data: <html>Bad Gateway</html>\n\n');
    return;
  }
  const send = (delta: object, finish: string | null = null): void =>
    void response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
    );
  if ('text' in line) for (const piece of line.text.match(/.{1,6}/gsu) ?? []) send({ content: piece });
  if (fault === 'cut') {
    send({ content: '写到一半' });
    response.socket?.end();
    return;
  }
  if ('calls' in line)
    for (const [index, { name, args }] of line.calls.entries()) {
      const text = typeof args === 'string' ? args : JSON.stringify(args);
      send({ tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name, arguments: '' } }] });
      send({ tool_calls: [{ index, function: { arguments: text } }] });
    }
  send({}, 'calls' in line ? 'tool_calls' : 'stop');
  response.end(`data: ${JSON.stringify({ choices: [], usage: { total_tokens: 100 } })}\n\ndata: [DONE]\n\n`);
}
