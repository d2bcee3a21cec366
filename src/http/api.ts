import Router from '@koa/router';
import { AppError } from '../errors.ts';
import { allPhrases } from '../phrases.ts';
import type { Visitor } from './access.ts';
import { conversationRoutes } from './api/conversations.ts';
import { fileRoutes } from './api/files.ts';
import { loginRoutes } from './api/logins.ts';
import { misreadRoutes } from './api/misreads.ts';
import { reconciliationRoutes } from './api/reconciliations.ts';
import { type ApiParts, type ApiRouter, asMessage, type May } from './api/route.ts';
import { runRoutes } from './api/runs.ts';
import { openapi } from './openapi.ts';

/**
 * `/api/v1`: JSON for the page, for the commands beside the service and for other programs. Nothing here knows roles: what a route
 * shows or does is asked of the assistant's gate, as words and buttons are.
 */
export function createApi(parts: ApiParts): ApiRouter {
  const { access, assistant, sync, onSandbox } = parts;
  const api: ApiRouter = new Router({ prefix: '/api/v1' });
  const may: May = (tool) => async (ctx, next) => {
    await assistant.gate.admit(asMessage(ctx.state.visitor as Visitor), tool);
    await next();
  };
  api.get('/openapi.json', (ctx) => {
    ctx.body = openapi;
  });
  api.use(async (ctx, next) => {
    const visitor = await access.visitor(ctx);
    if (!visitor) throw new AppError('api.unauthorized', 'auth');
    if (visitor.by === 'page' && ctx.method === 'POST') access.demandOwnPage(ctx);
    ctx.state.visitor = visitor;
    await next();
  });
  // An id is looked up, and no pattern; what the store cannot even look for is not there.
  api.param('id', async (id, _ctx, next) => (/^[^\p{Cc}*]{1,100}$/u.test(id) ? await next() : undefined));
  api.get('/phrases', (ctx) => {
    ctx.body = Object.fromEntries([...allPhrases()].filter(([key]) => /^page\.|^channel\.omitted$/.test(key)));
  });
  api.get('/status', may(), (ctx) => {
    ctx.body = {
      mode: onSandbox ? 'sandbox' : 'real',
      pipelines: [...sync.pipelines.values()].map(({ pipeline: { id, title, schedule } }) => ({
        id,
        title,
        enabled: schedule.enabled,
        schedule: schedule.cron,
      })),
    };
  });
  conversationRoutes(api, parts, may);
  runRoutes(api, parts, may);
  reconciliationRoutes(api, parts, may);
  loginRoutes(api, parts, may);
  misreadRoutes(api, parts, may);
  fileRoutes(api, parts);
  return api;
}
