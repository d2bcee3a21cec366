import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  request: IncomingMessage;
  path: string;
  query: URLSearchParams;
  body: string;
}

/** What a handler answers; `null` cuts the connection without an answer. */
export type Answer = { status?: number; headers?: Record<string, string>; body: string } | null;

export const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });

/** Faults a person or a test can switch on, `count` times each, through POST /faults. */
export interface Fault {
  kind:
    | 'slow'
    | 'hang'
    | 'reset_before'
    | 'reset_after'
    | 'error_5xx'
    | 'malformed'
    | 'session_lost'
    | 'no_permission'
    | 'busy';
  count: number;
  /** Only calls whose path contains this. */
  path?: string;
  ms?: number;
}

export interface SandboxServer {
  origin: string;
  close(): Promise<void>;
}

const maxBody = 20 * 1024 * 1024;

/** An HTTP server of the sandbox with its fault switches. Bodies are text; handlers run one after another in the order of arrival. */
export async function listen(
  port: number,
  handle: (exchange: Exchange, fault: Fault | undefined) => Promise<Answer> | Answer,
): Promise<SandboxServer> {
  let faults: Fault[] = [];
  const take = (path: string): Fault | undefined => {
    const fault = faults.find((one) => one.count > 0 && (!one.path || path.includes(one.path)));
    if (fault) fault.count -= 1;
    return fault;
  };
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const body = await readBody(request);
    if (url.pathname === '/faults') {
      if (request.method === 'POST') faults = [JSON.parse(body) as Fault | Fault[]].flat();
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(faults));
      return;
    }
    const fault = take(url.pathname);
    if (fault?.kind === 'reset_before') return void request.socket.destroy();
    if (fault?.kind === 'error_5xx') return void response.writeHead(502).end('<html>Bad Gateway</html>');
    const answer = await handle({ request, path: url.pathname, query: url.searchParams, body }, fault);
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 2000));
    if (fault?.kind === 'hang') return;
    if (answer === null || fault?.kind === 'reset_after') return void request.socket.destroy();
    const text = fault?.kind === 'malformed' ? answer.body.slice(0, Math.floor(answer.body.length / 2)) : answer.body;
    response
      .writeHead(answer.status ?? 200, { 'content-type': 'application/json;charset=utf-8', ...answer.headers })
      .end(text);
  };
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
