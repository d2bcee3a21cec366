import { type ApiParts, type ApiRouter, asMessage, type May } from './route.ts';

/** What people say was read wrongly, for the command line. */
export function misreadRoutes(api: ApiRouter, { assistant }: ApiParts, may: May): void {
  api.get('/misreads', may('list-misreads'), async (ctx) => {
    const call = { tool: 'list-misreads', args: {}, intent: 'misread', slots: {} };
    ctx.body = await assistant.gate.carryOut(asMessage(ctx.state.visitor), call, { command: true });
  });
}
