import { PassThrough } from 'node:stream';
import Router from '@koa/router';
import type { Answer, Assistant } from '../assistant/assistant.ts';
import { verdictReply } from '../assistant/cards/reconciliation.ts';
import type { Message } from '../channels/message.ts';
import type { WebHub } from '../channels/web/hub.ts';
import { AppError } from '../errors.ts';
import { allPhrases } from '../phrases.ts';
import { reconciliationFile } from '../reports/workbook.ts';
import type { Reconciler } from '../sync/reconcile.ts';
import { runReport, type SyncService } from '../sync/service.ts';
import { dayWindow } from '../sync/window.ts';
import type { Access } from './access.ts';
import { readJson } from './body.ts';
import { bodies, openapi } from './openapi.ts';

export interface ApiParts {
  access: Access;
  assistant: Assistant;
  hub: WebHub;
  sync: SyncService;
  reconciler: Reconciler;
  onSandbox: boolean;
  now: () => Date;
}

/** `/api/v1`: JSON for the page, for the commands beside the service and for other programs. */
export function createApi({ access, assistant, hub, sync, reconciler, onSandbox, now }: ApiParts): Router {
  const api = new Router({ prefix: '/api/v1' });
  api.get('/openapi.json', (ctx) => {
    ctx.body = openapi;
  });
  api.use(async (ctx, next) => {
    const visitor = access.visitor(ctx);
    if (!visitor) throw new AppError('api.unauthorized', 'auth');
    ctx.state.visitor = visitor;
    await next();
  });
  api.get('/phrases', (ctx) => {
    ctx.body = Object.fromEntries([...allPhrases()].filter(([key]) => /^page\.|^channel\.omitted$/.test(key)));
  });
  api.get('/status', (ctx) => {
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
  api.post('/messages', async (ctx) => {
    const body = await readJson(ctx, bodies.messages);
    // A command beside the service speaks for its own terminal; the page speaks for nobody but itself.
    const terminal = ctx.state.visitor === 'token' ? body.person : undefined;
    const message: Message = {
      person: terminal ?? 'web:page',
      conversation: terminal ? body.conversation : `web:${body.conversation}`,
      text: body.text,
      ...(body.action ? { action: body.action } : {}),
    };
    hub.remember(message.conversation, { from: 'me', at: now().toISOString(), text: body.text.slice(0, 2000) });
    const answer = await assistant.answer(message, (text) => hub.grow(message.conversation, text));
    hub.remember(message.conversation, { from: 'xiaoqing', at: now().toISOString(), ...answer.reply });
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
    const { from, to, by, preview, pipeline = sync.defaultPipeline } = await readJson(ctx, bodies.runs);
    const request = {
      pipeline: sync.known(pipeline),
      kind: 'sync',
      trigger: 'cli',
      by,
      ...dayWindow(from, to, now()),
      filters: {},
      requester: { person: 'terminal:cli', conversation: 'terminal:cli' },
    } as const;
    ctx.body = runReport(preview ? await sync.preview(request) : await sync.view((await sync.start(request)).run.id));
  });
  api.post('/reconciliations', async (ctx) => {
    const { from, to } = await readJson(ctx, bodies.reconciliations);
    const window = dayWindow(from, to, now());
    const requester = { person: 'terminal:cli', conversation: 'terminal:cli' };
    const reconciliation = await reconciler.begin(sync.defaultPipeline, window, requester);
    reconciler.start(reconciliation.id);
    ctx.body = { id: reconciliation.id };
  });
  api.get('/reconciliations/:id', async (ctx) => {
    const found = await reconciler.find(ctx.params.id ?? '');
    const report = found && (await reconciler.report(found));
    if (found) ctx.body = { report, ...(report ? { reply: await verdictReply(reconciler.findings, found) } : {}) };
  });
  api.get('/reconciliations/:id/workbook', async (ctx) => {
    const found = await reconciler.find(ctx.params.id ?? '');
    if (found?.state !== 'done') return;
    const { name, bytes } = await reconciliationFile(reconciler, sync.pipelines, found);
    ctx.body = bytes;
    ctx.type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    ctx.attachment(name);
  });
  api.get('/runs/:id', async (ctx) => {
    const run = await sync.runs.find(ctx.params.id ?? '');
    if (run) ctx.body = runReport(await sync.view(run.id));
  });
  return api;
}

async function withReport(answer: Answer, sync: SyncService): Promise<object> {
  const { run, ...rest } = answer;
  return run ? { ...rest, run: runReport(await sync.view(run.id)) } : rest;
}
