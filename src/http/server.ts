import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Router from '@koa/router';
import Koa from 'koa';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Assistant } from '../assistant/assistant.ts';
import { runCard } from '../assistant/cards/cards.ts';
import type { Card } from '../channels/message.ts';
import { WebHub } from '../channels/web/hub.ts';
import { type AppError, asAppError } from '../errors.ts';
import { phrase } from '../phrases.ts';
import { projectRoot } from '../root.ts';
import type { Reconciler } from '../sync/reconcile.ts';
import type { SyncService } from '../sync/service.ts';
import { Access } from './access.ts';
import { createApi } from './api.ts';

export interface HttpParts {
  assistant: Assistant;
  sync: SyncService;
  reconciler: Reconciler;
  onSandbox: boolean;
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
  'page.js': 'text/javascript',
  'card.js': 'text/javascript',
};

/** The page, its JSON API, health and metrics. */
export async function startHttp(parts: HttpParts): Promise<HttpServer> {
  const { sync, now, onError } = parts;
  const hub = new WebHub();
  parts.onCard((conversation, card) => hub.update(conversation, card));
  const access = new Access(parts.apiToken);
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
      ctx.status = statusOf(known);
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
    const admitted = access.admit(ctx);
    ctx.status = admitted ? 200 : 401;
    ctx.type = admitted ? 'text/html' : 'text/plain';
    ctx.body = admitted ? readFileSync(join(pageFolder, 'index.html')) : phrase('page.locked');
  });
  router.get('/page/:file', (ctx) => {
    const type = pageFiles[ctx.params.file ?? ''];
    if (!type) return;
    ctx.type = type;
    ctx.body = readFileSync(join(pageFolder, ctx.params.file ?? ''));
  });
  const api = createApi({ ...parts, access, hub });
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

function statusOf({ kind, code }: AppError): number {
  if (code === 'api.unauthorized') return 401;
  if (code === 'api.too_large') return 413;
  return kind === 'internal' ? 500 : kind === 'data' ? 400 : 409;
}
