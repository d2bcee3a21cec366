import type { Context } from 'koa';
import type { z } from 'zod';
import { AppError } from '../errors.ts';

const maxBody = 1024 * 1024;

/** The raw bytes of a request. Code: `api.too_large`. */
async function readBytes(ctx: Context): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw new AppError('api.too_large', 'data');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A JSON body of this shape. Codes: `api.too_large`, `api.bad_request`. */
export async function readJson<Schema extends z.ZodType>(ctx: Context, schema: Schema): Promise<z.infer<Schema>> {
  const text = (await readBytes(ctx)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))].filter(Boolean).join('、');
  throw new AppError('api.bad_request', 'data', { params: { fields: fields || 'JSON' } });
}
