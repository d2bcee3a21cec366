import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Router from '@koa/router';
import Koa from 'koa';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Assistant } from '../assistant/assistant.ts';
import type { Logins } from '../assistant/policy/logins.ts';
import type { FeishuChannel } from '../channels/feishu/channel.ts';
import type { Card } from '../channels/message.ts';
import { WebHub } from '../channels/web/hub.ts';
import { AppError, asAppError } from '../errors.ts';
import { phrase } from '../phrases.ts';
import { projectRoot } from '../root.ts';
import type { Reconciler } from '../sync/reconcile.ts';
import type { SyncService } from '../sync/service.ts';
import { Access } from './access.ts';
import { createApi } from './api.ts';
import { takeWebhook } from './webhooks.ts';

export interface HttpParts {
  assistant: Assistant;
  sync: SyncService;
  reconciler: Reconciler;
  onSandbox: boolean;
  logins: Logins;
  /** Where others open the page; undefined = nobody but this machine. */
  publicUrl?: string | undefined;
  channels: () => { name: string; up: boolean; everUp: boolean }[];
  /** Whether the store answers. */
  storeAnswers: () => Promise<boolean>;
  feishu: FeishuChannel | null;
  onCard: (show: (conversation: string, card: Card) => void) => void;
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
  'card.css': 'text/css',
  'page.js': 'text/javascript',
  'card.js': 'text/javascript',
  'chart.js': 'text/javascript',
  'make.js': 'text/javascript',
};

/** The page, its JSON API, health and metrics. Code: `config.port_taken`. */
export async function startHttp(parts: HttpParts): Promise<HttpServer> {
  const { onError } = parts;
  const hub = new WebHub();
  parts.onCard((conversation, card) => hub.update(conversation, card));
  const access = new Access(parts);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  showLimits(registry, parts.sync);
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
      ctx.status = statusOf(known);
      ctx.body = { error: known };
    }
  });

  const router = new Router();
  router.get('/healthz', (ctx) => {
    ctx.body = 'ok';
  });
  router.get('/readyz', async (ctx) => {
    const channels = parts.channels();
    const store = await parts.storeAnswers();
    const ready = !stopping && store && channels.every(({ everUp }) => everUp);
    const down = channels.filter(({ up }) => !up).map(({ name }) => name);
    ctx.status = ready ? 200 : 503;
    ctx.body = { ready, degraded: [...(store ? [] : ['store']), ...down] };
  });
  router.get('/metrics', async (ctx) => {
    if (!access.mayScrape(ctx)) throw new AppError('api.unauthorized', 'auth');
    ctx.type = registry.contentType;
    ctx.body = await registry.metrics();
  });
  router.get('/', async (ctx) => {
    const admitted = await access.admit(ctx);
    ctx.status = admitted ? 200 : 401;
    ctx.type = admitted ? 'text/html' : 'text/plain';
    ctx.body = admitted ? readFileSync(join(pageFolder, 'index.html')) : phrase('page.locked');
  });
  router.get('/login/:link', async (ctx) => {
    if (await access.login(ctx, ctx.params.link ?? '')) return ctx.redirect('/');
    ctx.status = 401;
    ctx.type = 'text/plain';
    ctx.body = phrase('page.link_used');
  });
  router.get('/page/:file', (ctx) => {
    const type = pageFiles[ctx.params.file ?? ''];
    if (!type) return;
    ctx.type = type;
    ctx.body = readFileSync(join(pageFolder, ctx.params.file ?? ''));
  });
  const api = createApi({ ...parts, access, hub });
  app.use(router.routes()).use(api.routes()).use(api.allowedMethods());
  const rest = app.callback();
  const server = createServer((request, response) => {
    if (!takeWebhook(parts.feishu, request, response, onError)) void rest(request, response);
  }).listen(parts.port, parts.host);
  server.requestTimeout = 30_000;
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new AppError('config.port_taken', 'config', { params: { port: parts.port }, cause: error });
  });

  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${parts.host}:${port}`,
    async close() {
      stopping = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function statusOf({ kind, code }: AppError): number {
  if (code === 'api.unauthorized') return 401;
  if (['gate.not_allowed', 'api.token_only', 'api.foreign_origin'].includes(code)) return 403;
  if (code === 'api.not_json') return 415;
  if (code === 'api.too_large') return 413;
  return kind === 'internal' ? 500 : kind === 'data' ? 400 : 409;
}

/** What was found of the target's limits: batches at once, and bills in one. */
function showLimits(registry: Registry, { pipelines }: SyncService): void {
  const limits = { concurrency: 'batches that are written at once', batch: 'bills in a batch' } as const;
  for (const [name, help] of Object.entries(limits) as [keyof typeof limits, string][])
    new Gauge({
      name: `xiaoqing_target_${name}`,
      help,
      labelNames: ['pipeline'],
      registers: [registry],
      collect() {
        for (const [pipeline, { limit }] of pipelines) this.set({ pipeline }, limit[name]);
      },
    });
}
