import type { Call } from './gateway.ts';

/** Whether a call is this operation. */
export const is = ({ path }: Call, operation: string): boolean => path.includes(`.${operation}.`);

/** What 金蝶 itself answers. */
export async function passOn(origin: string, { path, headers, body }: Call): Promise<string> {
  const { 'content-length': _length, host: _host, connection: _connection, ...kept } = headers;
  const sent = { method: 'POST', headers: kept as Record<string, string>, body };
  return await (await fetch(`${origin}${path}`, sent)).text();
}
