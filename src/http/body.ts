import type { Context } from 'koa';
import type { z } from 'zod';
import { AppError } from '../errors.ts';

/** Bytes of a body that are taken. */
export const maxBody = 1024 * 1024;
/** Bytes of a body that are read only to be thrown away. */
export const mostDiscarded = 32 * maxBody;

/**
 * The raw bytes of a request. What is too large is read to its end unkept, so that the refusal arrives, and the line closed after it.
 * Code: `api.too_large`.
 */
async function readBytes(ctx: Context): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBody) chunks.push(chunk);
    if (size > mostDiscarded) break;
  }
  if (size <= maxBody) return Buffer.concat(chunks);
  ctx.set('connection', 'close');
  throw new AppError('api.too_large', 'data');
}

/** A JSON body of this shape. Codes: `api.too_large`, `api.bad_request`. */
export async function readJson<Schema extends z.ZodType>(ctx: Context, schema: Schema): Promise<z.infer<Schema>> {
  const text = (await readBytes(ctx)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text, (_key, read: unknown) => (typeof read === 'string' ? storable(read) : read));
  } catch {
    value = null;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))].filter(Boolean).join('、');
  throw new AppError('api.bad_request', 'data', { params: { fields: fields || 'JSON' } });
}

/** Without what no store has room for: U+0000 and halves of a character. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '');
