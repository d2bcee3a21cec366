import { AppError } from '../../errors.ts';
import { readJson } from '../body.ts';
import { bodies } from '../openapi.ts';
import { type ApiParts, type ApiRouter, asMessage, type May } from './route.ts';

/** Links onto the page, for the command line. A session of the page makes no others. Code: `api.token_only`. */
export function loginRoutes(api: ApiRouter, { assistant }: ApiParts, may: May): void {
  api.post('/logins', may('page-login'), async (ctx) => {
    const { visitor } = ctx.state;
    if (visitor.by !== 'token') throw new AppError('api.token_only', 'auth');
    const args = await readJson(ctx, bodies.logins);
    const call = { tool: 'page-login', args, intent: 'page_login', slots: {} };
    ctx.body = await assistant.gate.carryOut(asMessage(visitor), call, { command: true });
  });
}
