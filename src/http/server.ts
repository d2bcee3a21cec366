import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { z } from 'zod';
import { type Answer, Assistant } from '../assistant/assistant.ts';
import { runCard } from '../assistant/cards.ts';
import type { SandboxControl } from '../assistant/tools/tool.ts';
import type { Message } from '../channels/message.ts';
import { WebHub } from '../channels/web/hub.ts';
import { asAppError } from '../errors.ts';
import { allPhrases } from '../phrases.ts';
import { projectRoot } from '../root.ts';
import type { Sql } from '../store/sql.ts';
import { runReport, type SyncService } from '../sync/service.ts';
import { dayWindow } from '../sync/window.ts';

export interface HttpParts {
  sync: SyncService;
  sql: Sql;
  sandbox: SandboxControl | null;
  now: () => Date;
  onError: (error: unknown, where: string) => void;
  host: string;
  port: number;
  apiToken: string;
}

export interface HttpServer {
  url: string;
  close(): Promise<void>;
}

const pageFolder = join(projectRoot, 'src', 'http', 'page');
const pageFiles: Readonly<Record<string, string>> = {
  'page.css': 'text/css',
  'page.js': 'text/javascript',
  'card.js': 'text/javascript',
};
const maxBody = 64 * 1024;

const messageBody = z.strictObject({
  conversation: z.string().min(1).max(100),
  text: z.string().max(20_000),
  person: z.string().max(100).optional(),
  action: z.strictObject({ name: z.string().max(60), args: z.record(z.string(), z.string().max(200)) }).optional(),
});
const runBody = z.strictObject({
  from: z.string(),
  to: z.string(),
  by: z.enum(['io_date', 'modified']).default('io_date'),
  pipeline: z.string().optional(),
  preview: z.boolean().default(false),
});

/** The page, its JSON API, health and metrics. Every API call needs the bearer token or the page's own session. */
export async function startHttp(parts: HttpParts): Promise<HttpServer> {
  const { sync, now, onError } = parts;
  const assistant = new Assistant(parts);
  const hub = new WebHub();
  const session = randomBytes(24).toString('base64url');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  let stopping = false;

  const app = new Koa();
  app.silent = true;
  app.on('error', (error: unknown) => onError(error, 'http'));
  app.use(async (ctx, next) => {
    ctx.set({
      'content-security-policy': "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    try {
      await next();
    } catch (error) {
      const known = asAppError(error);
      if (known.kind === 'internal') onError(error, 'http');
      ctx.status = known.kind === 'internal' ? 500 : known.kind === 'data' ? 400 : 409;
      ctx.body = { error: known };
    }
  });

  const router = new Router();
  router.get('/healthz', (ctx) => {
    ctx.body = 'ok';
  });
  router.get('/readyz', (ctx) => {
    ctx.status = stopping ? 503 : 200;
    ctx.body = { ready: !stopping, degraded: [] };
  });
  router.get('/metrics', async (ctx) => {
    ctx.type = registry.contentType;
    ctx.body = await registry.metrics();
  });
  router.get('/', (ctx) => {
    ctx.cookies.set('xiaoqing', session, { httpOnly: true, sameSite: 'strict' });
    ctx.type = 'text/html';
    ctx.body = readFileSync(join(pageFolder, 'index.html'));
  });
  router.get('/page/:file', (ctx) => {
    const type = pageFiles[ctx.params.file ?? ''];
    if (!type) return;
    ctx.type = type;
    ctx.body = readFileSync(join(pageFolder, ctx.params.file ?? ''));
  });

  const api = new Router({ prefix: '/api/v1' });
  api.use(async (ctx, next) => {
    const bearer = (ctx.get('authorization').match(/^Bearer (.+)$/)?.[1] ?? '').trim();
    const own =
      same(ctx.cookies.get('xiaoqing') ?? '', session) &&
      ['', 'same-origin', 'none'].includes(ctx.get('sec-fetch-site'));
    if (!own && !same(bearer, parts.apiToken)) {
      ctx.status = 401;
      ctx.body = { error: 'unauthorized' };
      return;
    }
    ctx.state.bearer = !own;
    await next();
  });
  api.get('/phrases', (ctx) => {
    ctx.body = Object.fromEntries([...allPhrases()].filter(([key]) => key.startsWith('page.')));
  });
  api.get('/status', (ctx) => {
    ctx.body = {
      mode: parts.sandbox ? 'sandbox' : 'real',
      pipelines: [...sync.pipelines.values()].map(({ pipeline }) => ({
        id: pipeline.id,
        title: pipeline.title,
        enabled: pipeline.schedule.enabled,
        schedule: pipeline.schedule.cron,
      })),
    };
  });
  api.post('/messages', async (ctx) => {
    const body = await readJson(ctx, messageBody);
    if (!body) return;
    // A command beside the service speaks for its own terminal; the page speaks for nobody but itself.
    const trusted = ctx.state.bearer === true && body.person !== undefined;
    const message: Message = {
      person: trusted ? (body.person ?? '') : 'web:page',
      conversation: trusted ? body.conversation : `web:${body.conversation}`,
      text: body.text,
      ...(body.action ? { action: body.action } : {}),
    };
    hub.remember(message.conversation, { from: 'me', at: now().toISOString(), text: body.text });
    const answer = await assistant.answer(message);
    hub.remember(message.conversation, {
      from: 'xiaoqing',
      at: now().toISOString(),
      text: answer.reply.text,
      ...(answer.reply.card ? { card: answer.reply.card } : {}),
    });
    ctx.body = await withReport(answer, sync);
  });
  api.get('/conversations/:id/messages', (ctx) => {
    ctx.body = { messages: hub.messages(`web:${ctx.params.id ?? ''}`) };
  });
  api.get('/conversations/:id/events', (ctx) => {
    const stream = new PassThrough();
    const leave = hub.subscribe(`web:${ctx.params.id ?? ''}`, ({ event, data }) =>
      stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    );
    const beat = setInterval(() => stream.write(': \n\n'), 15_000);
    ctx.req.on('close', () => {
      clearInterval(beat);
      leave();
    });
    ctx.set({ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    ctx.type = 'text/event-stream';
    ctx.body = stream;
    stream.write(': \n\n');
  });
  api.post('/runs', async (ctx) => {
    const body = await readJson(ctx, runBody);
    if (!body) return;
    const pipeline = body.pipeline ?? [...sync.pipelines.keys()][0] ?? '';
    const requester = { person: 'terminal:cli', conversation: 'terminal:cli' };
    const request = {
      pipeline,
      kind: 'sync',
      trigger: 'cli',
      by: body.by,
      ...dayWindow(body.from, body.to, now()),
      filters: {},
      requester,
    } as const;
    if (body.preview) ctx.body = runReport(await sync.preview(request));
    else ctx.body = runReport(await sync.view((await sync.start(request)).run.id));
  });
  api.get('/runs/:id', async (ctx) => {
    const run = await sync.ledger.run(ctx.params.id ?? '');
    if (run) ctx.body = runReport(await sync.view(run.id));
  });

  app.use(router.routes()).use(api.routes()).use(api.allowedMethods());
  const server = app.listen(parts.port, parts.host);
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));

  // A card moves at most twice a second, and its last state always arrives.
  const due = new Set<string>();
  const show = async (): Promise<void> => {
    const ids = [...due];
    due.clear();
    for (const id of ids) {
      const view = await sync.view(id);
      if (view.run.kind !== 'preview') hub.update(view.run.requester.conversation, runCard(view, now()));
    }
  };
  const timer = setInterval(() => void show().catch((error: unknown) => onError(error, 'cards')), 500);
  const unlisten = sync.onProgress((id) => due.add(id));

  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${parts.host}:${port}`,
    async close() {
      stopping = true;
      clearInterval(timer);
      unlisten();
      await show().catch(() => undefined);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function withReport(answer: Answer, sync: SyncService): Promise<object> {
  const { run, ...rest } = answer;
  return run ? { ...rest, run: runReport(await sync.view(run.id)) } : rest;
}

async function readJson<Schema extends z.ZodType>(ctx: Context, schema: Schema): Promise<z.infer<Schema> | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) {
      ctx.status = 413;
      ctx.body = { error: 'too large' };
      return null;
    }
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    value = null;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  ctx.status = 400;
  ctx.body = { error: 'bad request', issues: parsed.error.issues.map((issue) => issue.path.join('.')) };
  return null;
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return expected !== '' && a.length === b.length && timingSafeEqual(a, b);
}
