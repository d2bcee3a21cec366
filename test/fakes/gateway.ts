import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Null cuts the line; a string is a body with 200. */
export type Reply = string | { status?: number; headers?: Record<string, string | string[]>; body: string } | null;

export interface Gateway {
  origin: string;
  calls: Call[];
  close(): Promise<void>;
}

/** A server that answers what the test says, and keeps what it was asked. */
export async function startGateway(answer: (call: Call, index: number) => Reply | Promise<Reply>): Promise<Gateway> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const call = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
    calls.push(call);
    const reply = await answer(call, calls.length - 1);
    if (reply === null) return void request.socket.destroy();
    const { status = 200, headers = {}, body } = typeof reply === 'string' ? { body: reply } : reply;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
