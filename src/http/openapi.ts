import { z } from 'zod';

/** A name from outside: never a pattern, and nothing the store cannot keep. */
const name = z.string().regex(/^[^\p{Cc}*]{1,100}$/u);

/** Every call of the API with its body; the routes and this document read the same schemas. */
export const bodies = {
  messages: z.strictObject({
    conversation: name,
    text: z.string(),
    person: name.optional(),
    said_at: z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })]).optional(),
    action: z.strictObject({ name: z.string().max(60), args: z.record(z.string(), z.string().max(200)) }).optional(),
  }),
  runs: z.strictObject({
    from: z.string(),
    to: z.string(),
    by: z.enum(['io_date', 'modified']).default('io_date'),
    pipeline: z.string().optional(),
    preview: z.boolean().default(false),
  }),
  reconciliations: z.strictObject({ from: z.string(), to: z.string(), pipeline: z.string().optional() }),
  logins: z.strictObject({ as: z.string().max(40).optional() }),
};

const counts = z.object({
  fetched: z.int(),
  written: z.int(),
  existing: z.int(),
  failed: z.int(),
  skipped: z.int(),
});
const run = z.object({
  id: z.string(),
  pipeline: z.string(),
  state: z.enum(['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled']),
  window: z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) }),
  counts,
  failures: z.array(z.object({ category: z.string(), count: z.int(), orders: z.array(z.string()) })),
});
const reply = z.object({ text: z.string(), card: z.record(z.string(), z.unknown()).optional() });
const figures = z.array(
  z.object({
    metric: z.string(),
    value: z.union([z.number(), z.string()]),
    unit: z.string(),
    by: z.record(z.string(), z.string()).optional(),
    window: z.object({ start: z.string(), end: z.string() }).nullable(),
    covered: z.array(z.string()),
  }),
);
const answer = z.object({
  decision: z.object({
    intent: z.string(),
    slots: z.record(z.string(), z.unknown()),
    action: z.enum(['run', 'confirm', 'clarify', 'reply', 'none']),
  }),
  reply,
  run: run.optional(),
  figures: figures.optional(),
});
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string(), next: z.string() }) });

const schema = (type: z.ZodType): object => z.toJSONSchema(type, { io: 'input', target: 'openapi-3.0' });
const json = (type: z.ZodType): object => ({ content: { 'application/json': { schema: schema(type) } } });
const responses = (description: string, type: z.ZodType): object => ({
  200: { description, ...json(type) },
  default: { description: 'refused', ...json(refusal) },
});
const idIn = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];

export const openapi = {
  openapi: '3.0.3',
  info: { title: 'xiaoqing', version: '1' },
  servers: [{ url: '/api/v1' }],
  security: [{ bearer: [] }],
  paths: {
    '/messages': {
      post: {
        summary: 'Say something to 小青, or press a button',
        requestBody: json(bodies.messages),
        responses: responses('decision and reply', answer),
      },
    },
    '/runs': {
      post: {
        summary: 'Start a run of whole days (Asia/Shanghai, inclusive), or preview one',
        requestBody: json(bodies.runs),
        responses: {
          ...responses('the run', run),
          202: { description: 'asked about first: a yes is said as a message', ...json(answer) },
        },
      },
    },
    '/runs/{id}': { get: { summary: 'A run', parameters: idIn, responses: responses('the run', run) } },
    '/reconciliations': {
      post: {
        summary: 'Compare both sides over whole days',
        requestBody: json(bodies.reconciliations),
        responses: responses('where to look', z.object({ id: z.string() })),
      },
    },
    '/reconciliations/{id}': {
      get: {
        summary: 'The reconciliation object, and what is said of it; null while it still reads',
        parameters: idIn,
        responses: responses(
          'report',
          z.object({
            report: z.record(z.string(), z.unknown()).nullable(),
            reply: reply.optional(),
            figures: figures.optional(),
          }),
        ),
      },
    },
    '/reconciliations/{id}/workbook': {
      get: { summary: 'The same as .xlsx', parameters: idIn, responses: { 200: { description: 'xlsx' } } },
    },
    '/logins': {
      post: {
        summary: 'A link that lets somebody onto the page, once; with the token only',
        requestBody: json(bodies.logins),
        responses: responses('the link, in words', answer),
      },
    },
    '/files/{tool}': {
      get: {
        summary: 'The whole of what a tool lists as .xlsx; `args` are its arguments as JSON',
        parameters: [
          { name: 'tool', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'args', in: 'query', required: true, schema: { type: 'string' } },
        ],
        responses: { 200: { description: 'xlsx' } },
      },
    },
    '/misreads': {
      get: {
        summary: 'Sentences that people say were read wrongly, masked, as lines of the corpus',
        responses: responses('the lines, in words', answer),
      },
    },
    '/conversations/{id}/messages': {
      get: {
        summary: 'What was said on the page',
        parameters: idIn,
        responses: responses('messages', z.object({ messages: z.array(z.record(z.string(), z.unknown())) })),
      },
    },
    '/conversations/{id}/events': {
      get: {
        summary: 'Cards that move, as server-sent events',
        parameters: idIn,
        responses: { 200: { description: 'event: card', content: { 'text/event-stream': {} } } },
      },
    },
    '/status': {
      get: {
        summary: 'Sandbox or real, and the pipelines',
        responses: responses('status', z.record(z.string(), z.unknown())),
      },
    },
  },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
};
