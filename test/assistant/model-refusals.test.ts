import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkModel } from '../../src/assistant/model/check.ts';
import { Model } from '../../src/assistant/model.ts';
import type { AppError } from '../../src/errors.ts';
import { phrase } from '../../src/phrases.ts';
import { type ChatRequest, type Line, startModel } from '../fakes/openai.ts';
import { delta, startTalk, type Talk } from '../fakes/talk.ts';

let talk: Talk;
beforeAll(async () => {
  talk = await startTalk();
});
afterAll(() => talk.end());
beforeEach(() => {
  talk.calls.length = 0;
  talk.logged.length = 0;
  talk.model.requests.length = 0;
  talk.tokens = 0;
});

const question = '聊聊该先看哪块';
const refuse = (status: number, error: unknown): Line => ({ status, body: { error } });
/** The beginning of an error's sentence, up to its first blank to fill in. */
const sentence = (code: string): string => phrase(`errors.model.${code}.message`, words).split('¦')[0] ?? '';
const words = { model: 'scripted', status: '¦', name: '¦', said: '¦', reason: '¦' };

describe('each refusal has its own cause, in the answer and in the log', () => {
  test.each<[who: string, line: Line, code: string]>([
    ['DeepSeek, key', refuse(401, { message: 'Authentication Fails (no such user)' }), 'key'],
    ['OpenAI, key', refuse(401, { message: 'Incorrect API key provided: sk-abc', code: 'invalid_api_key' }), 'key'],
    ['Gemini, key', refuse(400, { message: 'API key not valid. Please pass a valid API key.' }), 'key'],
    ['智谱, key', refuse(401, { code: '1000', message: '身份验证失败。' }), 'key'],
    ['硅基流动, key', { status: 401, body: 'Invalid token' }, 'key'],
    [
      'MiniMax, key, with 200',
      { status: 200, body: { base_resp: { status_code: 1004, status_msg: 'login fail' } } },
      'key',
    ],
    ['DeepSeek, balance', refuse(402, { message: 'Insufficient Balance' }), 'balance'],
    [
      'OpenAI, quota',
      refuse(429, {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        code: 'insufficient_quota',
      }),
      'balance',
    ],
    [
      '通义千问, arrears',
      refuse(400, { code: 'Arrearage', message: 'Access denied, please make sure your account is in good standing.' }),
      'balance',
    ],
    [
      '通义千问, free tier',
      refuse(403, { code: 'AllocationQuota.FreeTierOnly', message: 'The free tier of the model has been exhausted.' }),
      'balance',
    ],
    [
      '豆包, overdue',
      refuse(403, {
        code: 'AccountOverdueError',
        message: 'The request failed because your account has an overdue balance.',
      }),
      'balance',
    ],
    [
      'Kimi, quota',
      refuse(429, {
        type: 'exceeded_current_quota_error',
        message: 'Your account is suspended, please check your plan and billing details',
      }),
      'balance',
    ],
    ['智谱, balance', refuse(429, { code: '1113', message: '余额不足或无可用资源包,请充值。' }), 'balance'],
    [
      '硅基流动, balance',
      { status: 403, body: { code: 30001, message: 'Sorry, your account balance is insufficient', data: null } },
      'balance',
    ],
    ['One API, quota', refuse(403, { code: 'insufficient_user_quota', message: '用户额度不足' }), 'balance'],
    ['DeepSeek, name', refuse(400, { message: 'Model Not Exist' }), 'name'],
    [
      'OpenAI, name',
      refuse(404, {
        code: 'model_not_found',
        message: 'The model `gpt-9` does not exist or you do not have access to it.',
      }),
      'name',
    ],
    [
      '豆包, name',
      refuse(404, {
        code: 'InvalidEndpointOrModel.NotFound',
        message: 'The model or endpoint x does not exist or you do not have access to it.',
      }),
      'name',
    ],
    [
      '豆包, not activated',
      refuse(404, { code: 'ModelNotOpen', message: 'Your account has not activated the model doubao.' }),
      'name',
    ],
    [
      'Kimi, name',
      refuse(404, { type: 'resource_not_found_error', message: 'Not found the model kimi-9 or Permission denied' }),
      'name',
    ],
    ['智谱, name', refuse(400, { code: '1211', message: '模型不存在，请检查模型代码。' }), 'name'],
    ['Ollama, name', refuse(404, { message: 'model "qwen9" not found, try pulling it first' }), 'name'],
    [
      'vLLM, name',
      { status: 404, body: { object: 'error', message: 'The model `q` does not exist.', code: 404 } },
      'name',
    ],
    ['One API, no channel', refuse(503, { message: '当前分组 default 下对于模型 x 无可用渠道' }), 'name'],
    [
      'no permission',
      refuse(403, {
        message: 'Country, region, or territory not supported',
        code: 'unsupported_country_region_territory',
      }),
      'no_access',
    ],
    ['One API, token without the model', refuse(403, { message: '该令牌无权使用模型 x' }), 'no_access'],
    [
      'OpenAI, rate',
      refuse(429, {
        code: 'rate_limit_exceeded',
        message:
          'Rate limit reached for gpt-9 on tokens per min (TPM): Limit 30000. You can raise it at https://platform.openai.com/account/billing.',
      }),
      'rate',
    ],
    [
      'OpenAI, too many tokens a minute',
      refuse(429, { message: 'Request too large for gpt-9 on tokens per min (TPM)' }),
      'rate',
    ],
    [
      '通义千问, rate',
      refuse(429, {
        code: 'Throttling.AllocationQuota',
        message: 'Allocated quota exceeded, please increase your quota limit.',
      }),
      'rate',
    ],
    ['智谱, rate', refuse(429, { code: '1302', message: '您当前使用该API的并发数过高' }), 'rate'],
    ['nothing but 429', refuse(429, { message: 'no' }), 'rate'],
    ['DeepSeek, busy', refuse(503, { message: 'Server overloaded' }), 'busy'],
    [
      'Kimi, busy',
      refuse(429, {
        type: 'engine_overloaded_error',
        message: 'The engine is currently overloaded, please try again later',
      }),
      'rate',
    ],
    ['nothing but 500', refuse(500, { message: 'no' }), 'server'],
    ['a gateway', { status: 502, body: '<html><body>502 Bad Gateway</body></html>' }, 'server'],
    [
      'OpenAI, length',
      refuse(400, {
        code: 'context_length_exceeded',
        message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
      }),
      'context',
    ],
    [
      'vLLM, length',
      {
        status: 400,
        body: {
          object: 'error',
          message:
            "'max_tokens' or 'max_completion_tokens' is too large: 800. This model's maximum context length is 4096 tokens and your request has 3900 input tokens.",
        },
      },
      'context',
    ],
    [
      'Kimi, length',
      refuse(400, { message: 'Invalid request: Your request exceeded model token limit: 8192' }),
      'context',
    ],
    [
      '通义千问, length',
      refuse(400, { code: 'InvalidParameter', message: 'Range of input length should be [1, 30720]' }),
      'context',
    ],
    ['智谱, length', refuse(400, { code: '1261', message: 'Prompt 超长' }), 'context'],
    [
      '通义千问, content',
      refuse(400, { code: 'data_inspection_failed', message: 'Input data may contain inappropriate content.' }),
      'content',
    ],
    [
      '豆包, content',
      refuse(400, {
        code: 'SensitiveContentDetected',
        message: 'The request failed because the input text may contain sensitive information.',
      }),
      'content',
    ],
    ['no such place', { status: 404, body: '404 page not found' }, 'address'],
    ['no such place, in JSON', { status: 404, body: { detail: 'Not Found' } }, 'address'],
    ['no such place, OpenAI', refuse(404, { message: 'Invalid URL (POST /chat/completions)' }), 'address'],
    ['a page instead of an answer', { status: 200, body: '<html><title>登录</title></html>' }, 'address'],
    ['not allowed', { status: 405, body: '' }, 'address'],
    [
      'a parameter that we cannot leave out',
      refuse(400, { message: "Unknown parameter: 'messages[0].nonsense'.", param: 'messages[0].nonsense' }),
      'parameter',
    ],
    ['something nobody knows', refuse(418, { message: 'short and stout' }), 'refused'],
    ['an error inside a stream', { events: [{ error: { message: 'Insufficient Balance' } }] }, 'balance'],
    [
      'an error inside a stream, after words',
      { events: [delta({ content: '先看' }), { error: { message: 'Server overloaded' } }] },
      'busy',
    ],
    ['an end for its content', { events: [delta({}, 'content_filter'), '[DONE]'] }, 'content'],
    ['an end for want of resources', { events: [delta({}, 'insufficient_system_resource'), '[DONE]'] }, 'busy'],
    ['an end by the network', { events: [delta({ content: '先看' }, 'network_error'), '[DONE]'] }, 'cut'],
    ['cut off', { fault: 'cut' }, 'cut'],
    ['ended without a word', { events: [delta({ role: 'assistant' })] }, 'cut'],
    ['no protocol', { fault: 'nonsense' }, 'garbled'],
    ['an empty stream', { events: [] }, 'garbled'],
  ])('%s', async (_who, line, code) => {
    talk.say = () => line;
    const outcome = await talk.ask(question);
    expect(outcome).toMatchObject({ why: expect.stringContaining(sentence(code)) });
    expect('why' in outcome && outcome.why).toContain(phrase(`errors.model.${code}.next`, words));
    expect(talk.logged.map((error) => (error as AppError).code)).toEqual([`model.${code}`]);
  });

  test('nobody there', async () => {
    const gone = await startModel(() => ({ text: '' }));
    await gone.close();
    const nowhere = new Model(
      { apiKey: 'k', baseUrl: gone.url, model: 'scripted' },
      { today: async () => 0, add: async () => undefined },
      () => new Date('2026-11-24T15:00:00+08:00'),
      (error) => talk.logged.push(error),
    );
    const message = { person: 'web:p', conversation: 'web:c', text: question };
    const call = () => Promise.reject(new Error('not called'));
    const outcome = await nowhere.converse({ message, prior: [], tools: new Map(), call, onText: () => undefined });
    expect(outcome).toMatchObject({ why: expect.stringContaining(sentence('unreachable')) });
    expect(outcome).toMatchObject({ why: expect.stringContaining('ECONNREFUSED') });
  });

  test('the log has the words of the server, and neither the key nor anything of a person', async () => {
    talk.say = () =>
      refuse(418, {
        message:
          'odd \u0007 key sk-test-0123456789 of org-AbCdEf123456, a@b.example, 13800001111, token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9, see https://x.example/y',
      });
    const outcome = await talk.ask(question);
    const [error] = talk.logged as (AppError & { cause: Error })[];
    const logged = `${error?.message} ${error?.cause.message} ${JSON.stringify(outcome)}`;
    expect(logged).toContain('odd');
    expect(logged).toContain('418');
    expect(logged).not.toMatch(/sk-test|org-AbC|@b|138000|eyJ|x\.example|\u0007/);
  });

  test('words of a server are no markup in an answer', async () => {
    talk.say = () => refuse(418, { message: '<at id=all></at> ![x](http://x.example/p.png) [here](http://x.example)' });
    const outcome = await talk.ask(question);
    expect(JSON.stringify(outcome)).not.toMatch(/<at|!\[|\]\(|http/);
  });

  test('what was refused costs nothing, what was broken off does', async () => {
    talk.say = () => refuse(401, { message: 'no' });
    await talk.ask(question);
    expect(talk.tokens).toBe(0);
    talk.say = () => ({ events: [delta({ content: '先看缺料，' }), { error: { message: 'Server overloaded' } }] });
    await talk.ask(question);
    expect(talk.tokens).toBeGreaterThan(100);
  });

  test('one retry for what passes by itself, none where the server says to wait longer than anybody does', async () => {
    talk.say = () => refuse(503, { message: 'Server overloaded' });
    await talk.ask(question);
    expect(talk.model.requests).toHaveLength(2);
    talk.model.requests.length = 0;
    talk.say = () => ({ status: 429, body: { error: { message: 'no' } }, headers: { 'retry-after': '3600' } });
    await talk.ask(question);
    expect(talk.model.requests).toHaveLength(1);
  });

  test('what a tool has told by then is told', async () => {
    talk.tell = () => ({ text: '还有 3 单没进金蝶。' });
    talk.say = (_request, round) =>
      round === 0 ? { calls: [{ name: 'list-failures', args: {} }] } : refuse(402, { message: 'Insufficient Balance' });
    expect(await talk.ask(question)).toMatchObject({
      answer: { reply: { text: expect.stringMatching(/余额[\s\S]*还有 3 单没进金蝶/) } },
    });
  });
});

describe('what a server does not take is left out, and not sent again', () => {
  type Refuses = (request: ChatRequest) => object | null;
  /** A server that refuses until nothing is left to refuse. */
  const server = (refuses: Refuses, ...lines: Line[]): Talk['say'] => {
    return (request, round) => {
      const error = refuses(request);
      return error ? refuse(400, error) : (lines[round] ?? lines.at(-1) ?? { text: '先看缺料。' });
    };
  };
  const lookUp: Line = { calls: [{ name: 'list-failures', args: {} }] };
  const thinking: Line = {
    events: [
      delta({ reasoning_content: '先查失败' }),
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'list-failures', arguments: '' } }] }),
      delta({}, 'tool_calls'),
      '[DONE]',
    ],
  };
  const asked = (request: ChatRequest): ChatRequest['messages'] => request.messages;

  test.each<[what: string, refuses: Refuses, lines: Line[], refused: number]>([
    [
      'tools',
      ({ tools }) => (tools ? { message: 'registry.ollama.ai/library/gemma does not support tools' } : null),
      [],
      1,
    ],
    [
      'tools, vLLM',
      ({ tools }) =>
        tools
          ? { message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set' }
          : null,
      [],
      1,
    ],
    ['tools, llama.cpp', ({ tools }) => (tools ? { message: 'tools param requires --jinja flag' } : null), [], 1],
    [
      'tools, OpenRouter',
      ({ tools }) => (tools ? { message: 'No endpoints found that support tool use.' } : null),
      [],
      1,
    ],
    [
      'max_tokens',
      ({ max_tokens }) =>
        max_tokens === undefined
          ? null
          : {
              message:
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            },
      [],
      1,
    ],
    [
      'max_tokens under any name',
      ({ max_tokens, max_completion_tokens }) =>
        max_tokens !== undefined
          ? { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." }
          : max_completion_tokens !== undefined
            ? { message: 'Unrecognized request argument supplied: max_completion_tokens' }
            : null,
      [],
      2,
    ],
    [
      'a length out of its range',
      ({ max_tokens }) => (max_tokens ? { message: 'Range of max_tokens should be [1, 512]' } : null),
      [],
      1,
    ],
    [
      'temperature',
      ({ temperature }) =>
        temperature === undefined
          ? null
          : {
              message:
                "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
              param: 'temperature',
            },
      [],
      1,
    ],
    [
      'temperature, Kimi',
      ({ temperature }) =>
        temperature === undefined ? null : { message: 'invalid temperature: only 1 is allowed for this model' },
      [],
      1,
    ],
    [
      'stream_options',
      ({ stream_options }) =>
        stream_options ? { message: 'Unrecognized request argument supplied: stream_options' } : null,
      [],
      1,
    ],
    [
      'all of these one after another',
      ({ temperature, stream_options, max_tokens }) =>
        stream_options
          ? { message: 'Extra inputs are not permitted: stream_options' }
          : temperature !== undefined
            ? { message: "Unsupported value: 'temperature'" }
            : max_tokens !== undefined
              ? { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." }
              : null,
      [],
      3,
    ],
    [
      'instructions',
      (request) =>
        asked(request).some(({ role }) => role === 'system')
          ? { message: "Unsupported value: 'messages[0].role' does not support 'system' with this model." }
          : null,
      [],
      1,
    ],
    [
      'thoughts, DeepSeek',
      (request) =>
        asked(request).some(({ tool_calls, reasoning_content }) => tool_calls && !reasoning_content)
          ? { message: 'Missing `reasoning_content` field in the assistant message at message index 2.' }
          : null,
      [thinking, { text: '先看缺料。' }],
      1,
    ],
    [
      'thoughts, Kimi, also where there were none',
      (request) =>
        asked(request).some(({ tool_calls, reasoning_content }) => tool_calls && !reasoning_content)
          ? {
              message: 'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
            }
          : null,
      [lookUp, { text: '先看缺料。' }],
      1,
    ],
    [
      'a call without words',
      (request) =>
        asked(request).some(({ tool_calls, content }) => tool_calls && content === null)
          ? { message: 'messages.2.content: expected a string, got null' }
          : null,
      [lookUp, { text: '先看缺料。' }],
      1,
    ],
  ])('%s', async (_what, refuses, lines, refused) => {
    talk.tell = () => ({ text: '没有失败的单子。' });
    talk.say = server(refuses, ...lines);
    const rounds = Math.max(1, lines.length);
    expect(await talk.ask(question)).toMatchObject({
      answer: { reply: { text: expect.stringContaining('先看缺料。') } },
    });
    expect(talk.model.requests).toHaveLength(rounds + refused);
    talk.model.requests.length = 0;
    await talk.ask(question, { again: true });
    expect(talk.model.requests).toHaveLength(rounds);
  });

  test('the last messages as they were then sent', async () => {
    talk.say = server((request) =>
      asked(request).some(({ role }) => role === 'system') ? { message: 'System role not supported' } : null,
    );
    await talk.ask(question);
    const [first] = talk.model.requests.at(-1)?.messages ?? [];
    expect(first).toMatchObject({ role: 'user', content: expect.stringMatching(/小青[\s\S]*聊聊该先看哪块/) });
  });

  test('thoughts go back to the server that wants them, and to nobody else', async () => {
    const wants: Refuses = (request) =>
      asked(request).some(({ tool_calls, reasoning_content }) => tool_calls && !reasoning_content)
        ? { message: 'Missing `reasoning_content` field' }
        : null;
    talk.say = server(wants, thinking, { text: '先看缺料。' });
    const outcome = await talk.ask(question);
    expect(talk.model.requests.at(-1)?.messages.find(({ tool_calls }) => tool_calls)?.reasoning_content).toBe(
      '先查失败',
    );
    expect(JSON.stringify(outcome)).not.toContain('先查失败');
    talk.say = server(() => null, thinking, { text: '先看缺料。' });
    await talk.ask(question);
    expect(JSON.stringify(talk.model.requests.at(-1))).not.toContain('先查失败');
  });

  test('empty arguments go back as JSON', async () => {
    talk.say = server(
      (request) =>
        asked(request).some(({ tool_calls = [] }) => tool_calls.some((call) => call.function.arguments === ''))
          ? { message: 'Expecting value: line 1 column 1 (char 0)' }
          : null,
      thinking,
      { text: '先看缺料。' },
    );
    await talk.ask(question);
    expect(talk.model.requests).toHaveLength(2);
  });

  test('a refusal of something else teaches nothing, and neither does one that goes on', async () => {
    talk.say = () => refuse(400, { message: "messages with role 'tool' must follow a message with 'tool_calls'" });
    await talk.ask(question);
    expect(talk.model.requests).toHaveLength(1);
    talk.model.requests.length = 0;
    talk.say = () => refuse(400, { message: 'invalid temperature: only 1 is allowed' });
    await talk.ask(question);
    expect(talk.model.requests).toHaveLength(2);
    talk.say = () => ({ text: '好。' });
    await talk.ask(question, { again: true });
    expect(talk.model.requests.at(-1)?.temperature).toBe(0);
  });

  test('a model without tools says what it cannot, once in the log', async () => {
    talk.say = server(({ tools }) => (tools ? { message: 'does not support tools' } : null), { text: '先看缺料。' });
    expect(await talk.ask(question)).toMatchObject({
      answer: { reply: { text: expect.stringMatching(/^先看缺料。\n.*不能调用工具.*OPENAI_MODEL/) } },
    });
    await talk.ask(question, { again: true });
    expect(talk.logged.map((error) => (error as AppError).code)).toEqual(['model.no_tools']);
  });
});

describe('the doctor', () => {
  const check = () => checkModel({ apiKey: 'k', baseUrl: talk.model.url, model: 'scripted' });
  test('asks for one call of one tool', async () => {
    talk.say = ({ tools }) => ({ calls: [{ name: tools?.[0]?.function.name ?? '', args: {} }] });
    await check();
    expect(talk.model.requests).toHaveLength(1);
    expect(talk.model.requests[0]?.tools).toHaveLength(1);
  });
  test.each<[what: string, say: Talk['say'], code: string]>([
    ['a wrong key', () => refuse(401, { message: 'no' }), 'model.key'],
    ['no money', () => refuse(402, { message: 'Insufficient Balance' }), 'model.balance'],
    ['a wrong name', () => refuse(404, { message: 'The model does not exist' }), 'model.name'],
    [
      'no tools',
      ({ tools }) => (tools ? refuse(400, { message: 'x does not support tools' }) : { text: '好。' }),
      'model.no_tools',
    ],
    ['words instead of a call', () => ({ text: '没有失败的单子。' }), 'model.not_called'],
  ])('%s', async (_what, say, code) => {
    talk.say = say;
    await expect(check()).rejects.toMatchObject({ code });
  });
  test('what can be left out is no finding', async () => {
    talk.say = ({ temperature, tools }) =>
      temperature === undefined
        ? { calls: [{ name: tools?.[0]?.function.name ?? '', args: {} }] }
        : refuse(400, { message: "Unsupported value: 'temperature'" });
    await check();
  });
});
