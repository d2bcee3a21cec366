import { type ApiParts, type ApiRouter, asMessage } from './route.ts';

/** The whole of what a tool lists as a workbook, for whoever may use the tool: where the link of an export leads. */
export function fileRoutes(api: ApiRouter, { assistant }: ApiParts): void {
  api.get('/files/:tool', async (ctx) => {
    const args = argsIn(ctx.query.args);
    const file = args && (await assistant.gate.file(asMessage(ctx.state.visitor), ctx.params.tool ?? '', args));
    if (!file) return;
    ctx.body = file.bytes;
    ctx.type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
    ctx.attachment(file.name);
  });
}

function argsIn(text: string | string[] | undefined): object | null {
  try {
    const args: unknown = JSON.parse(typeof text === 'string' ? text : '');
    return args !== null && typeof args === 'object' ? args : null;
  } catch {
    return null;
  }
}
