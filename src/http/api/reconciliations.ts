import { verdictReply } from '../../assistant/cards/reconciliation.ts';
import { reconciliationFigures } from '../../reports/reconciliation-figures.ts';
import { reconciliationFile } from '../../reports/workbook.ts';
import { dayWindow } from '../../sync/window.ts';
import { readJson } from '../body.ts';
import { bodies } from '../openapi.ts';
import { type ApiParts, type ApiRouter, asMessage, type May } from './route.ts';

/** Reconciliations over whole days: begun, looked at, and as a workbook. */
export function reconciliationRoutes(api: ApiRouter, parts: ApiParts, may: May): void {
  const { assistant, reconciler, sync, now } = parts;
  api.post('/reconciliations', may('reconcile'), async (ctx) => {
    const { from, to, ...of } = await readJson(ctx, bodies.reconciliations);
    const { start, end } = dayWindow(from, to, now());
    const args = { start: start.toISOString(), end: end.toISOString(), ...of };
    const call = { tool: 'reconcile', args, intent: 'reconcile', slots: {} };
    const { reconciliation } = await assistant.gate.carryOut(asMessage(ctx.state.visitor), call);
    ctx.body = { id: reconciliation };
  });
  api.get('/reconciliations/:id', may('reconcile'), async (ctx) => {
    const found = await reconciler.find(ctx.params.id ?? '');
    const report = found && (await reconciler.report(found));
    if (!found) return;
    const { findings } = reconciler;
    const stated = report && {
      reply: await verdictReply(findings, found),
      figures: await reconciliationFigures(findings, found),
    };
    ctx.body = { report, ...stated };
  });
  api.get('/reconciliations/:id/workbook', may('reconcile'), async (ctx) => {
    const found = await reconciler.find(ctx.params.id ?? '');
    if (found?.state !== 'done') return;
    const { name, bytes } = await assistant.gate.read(asMessage(ctx.state.visitor), () =>
      reconciliationFile(reconciler, sync.pipelines, found),
    );
    ctx.body = bytes;
    ctx.type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    ctx.attachment(name);
  });
}
