import { startDayRun } from '../../assistant/day-run.ts';
import { runReport } from '../../sync/service.ts';
import { readJson } from '../body.ts';
import { bodies } from '../openapi.ts';
import { type ApiParts, type ApiRouter, asMessage, type May } from './route.ts';

/** Runs over whole days: started or previewed, and looked at. */
export function runRoutes(api: ApiRouter, { assistant, sync, now }: ApiParts, may: May): void {
  api.post('/runs', may('sync-orders'), async (ctx) => {
    const asked = await readJson(ctx, bodies.runs);
    const { visitor } = ctx.state;
    const started = await startDayRun({ gate: assistant.gate, sync, now }, asMessage(visitor), asked, {
      command: visitor.by === 'token',
    });
    ctx.status = 'report' in started ? 200 : 202;
    ctx.body = 'report' in started ? started.report : started.question;
  });
  api.get('/runs/:id', may('run-status'), async (ctx) => {
    const run = await sync.runs.find(ctx.params.id ?? '');
    if (run) ctx.body = runReport(await sync.view(run.id));
  });
}
