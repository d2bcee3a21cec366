import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

type Events = readonly (object | string)[];
const done = [delta({}, 'tool_calls'), '[DONE]'];
const stop = [delta({}, 'stop'), '[DONE]'];
const part = (tool: object): object => delta({ tool_calls: [tool] });
const words = (...pieces: string[]): object[] => pieces.map((content) => delta({ content }));

/** What the tools were called with, after one recorded stream. */
async function callsOf(events: Events): Promise<[tool: string, args: object][]> {
  talk.say = (_request, round) => (round === 0 ? { events } : { text: '看过了。' });
  await talk.ask('帮我看看眼下的情形');
  return talk.calls.map(({ tool, args }) => [tool, args]);
}

const lastWeek = { start: '2026-11-16T00:00:00+08:00', end: '2026-11-23T00:00:00+08:00' };
const failures: [string, object] = ['list-failures', lastWeek];
const status: [string, object] = ['run-status', {}];
const whenLastWeek = '{"when":"上周"}';

describe('calls in pieces', () => {
  test.each<[string, Events, [string, object][]]>([
    [
      'the protocol',
      [
        part({ index: 0, id: 'a', type: 'function', function: { name: 'list-failures', arguments: '' } }),
        part({ index: 0, function: { arguments: '{"when":' } }),
        part({ index: 0, function: { arguments: '"上周"}' } }),
        part({ index: 1, id: 'b', type: 'function', function: { name: 'run-status', arguments: '{}' } }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'two calls, both with index 0',
      [
        part({ index: 0, id: 'a', type: 'function', function: { name: 'list-failures', arguments: whenLastWeek } }),
        part({ index: 0, id: 'b', type: 'function', function: { name: 'run-status', arguments: '{}' } }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'two calls of one tool, both with index 0',
      [
        part({ index: 0, id: 'a', function: { name: 'order-status', arguments: '{"order":"11010234"}' } }),
        part({ index: 0, id: 'b', function: { name: 'order-status', arguments: '{"order":"11010235"}' } }),
        ...done,
      ],
      [
        ['order-status', { order: '11010234' }],
        ['order-status', { order: '11010235' }],
      ],
    ],
    [
      'the head of the second call has index 0, its tail index 1',
      [
        part({ index: 0, id: 'a', function: { name: 'run-status', arguments: '{}' } }),
        part({ index: 0, id: 'b', function: { name: 'list-failures', arguments: '{"when"' } }),
        part({ index: 1, function: { arguments: ':"上周"}' } }),
        ...done,
      ],
      [status, failures],
    ],
    [
      'no index at all',
      [
        part({ id: 'a', function: { name: 'list-failures', arguments: '{"when"' } }),
        part({ function: { arguments: ':"上周"}' } }),
        part({ id: 'b', function: { name: 'run-status', arguments: '{}' } }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'neither index nor id',
      [
        part({ function: { name: 'list-failures', arguments: whenLastWeek } }),
        part({ function: { name: 'run-status', arguments: '{}' } }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'an index of null, an index as text',
      [
        part({ index: null, id: 'a', function: { name: 'list-failures', arguments: whenLastWeek } }),
        part({ index: '1', id: 'b', function: { name: 'run-status', arguments: '{}' } }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'several calls in one chunk',
      [
        delta({
          tool_calls: [
            { index: 0, id: 'a', function: { name: 'list-failures', arguments: whenLastWeek } },
            { index: 1, id: 'b', function: { name: 'run-status', arguments: '{}' } },
          ],
        }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'the name in every part',
      [
        part({ index: 0, id: 'a', function: { name: 'list-failures', arguments: '' } }),
        part({ index: 0, id: 'a', function: { name: 'list-failures', arguments: '{"when":' } }),
        part({ index: 0, id: 'a', function: { name: 'list-failures', arguments: '"上周"}' } }),
        part({ index: 0, id: 'a', function: { name: 'list-failures', arguments: '' } }),
        ...done,
      ],
      [failures],
    ],
    [
      'the name in every part, and no id',
      [
        part({ index: 0, function: { name: 'list-failures', arguments: '{"when":' } }),
        part({ index: 0, function: { name: 'list-failures', arguments: '"上周"}' } }),
        ...done,
      ],
      [failures],
    ],
    [
      'the name in pieces, and longer with every part',
      [
        part({ index: 0, id: 'a', function: { name: 'list-' } }),
        part({ index: 0, function: { name: 'failures', arguments: whenLastWeek } }),
        part({ index: 1, id: 'b', function: { name: 'run-' } }),
        part({ index: 1, function: { name: 'run-status', arguments: '{}' } }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'a new id with every part',
      [
        part({ index: 0, id: 'r1', function: { name: 'list-failures', arguments: '{"when"' } }),
        part({ index: 0, id: 'r2', function: { arguments: ':"上周"' } }),
        part({ index: 0, id: 'r3', function: { arguments: '}' } }),
        ...done,
      ],
      [failures],
    ],
    [
      'one id for two calls',
      [
        part({ index: 0, id: 'same', function: { name: 'list-failures', arguments: whenLastWeek } }),
        part({ index: 1, id: 'same', function: { name: 'run-status', arguments: '{}' } }),
        ...done,
      ],
      [failures, status],
    ],
    [
      'arguments before the name',
      [
        part({ id: 'a', function: { arguments: '{"when"' } }),
        part({ id: 'a', function: { name: 'list-failures', arguments: ':"上周"}' } }),
        ...done,
      ],
      [failures],
    ],
    [
      'the arguments once more as a whole at the end',
      [
        part({ index: 0, id: 'a', function: { name: 'list-failures', arguments: '{"when":' } }),
        part({ index: 0, function: { arguments: '"上周"}' } }),
        part({ index: 0, id: 'a', function: { name: 'list-failures', arguments: whenLastWeek } }),
        ...done,
      ],
      [failures],
    ],
    [
      'empty, missing and null arguments',
      [
        part({ index: 0, id: 'a', function: { name: 'run-status', arguments: '' } }),
        part({ index: 1, id: 'b', function: { name: 'list-failures' } }),
        part({ index: 2, id: 'c', function: { name: 'report', arguments: null } }),
        ...done,
      ],
      [status, ['list-failures', {}], ['report', {}]],
    ],
    [
      'arguments as an object, and as JSON in JSON',
      [
        part({ index: 0, id: 'a', function: { name: 'list-failures', arguments: { when: '上周' } } }),
        part({ index: 1, id: 'b', function: { name: 'list-failures', arguments: JSON.stringify(whenLastWeek) } }),
        ...done,
      ],
      [failures, failures],
    ],
    [
      'indices that begin at 1',
      [part({ index: 1, id: 'a', function: { name: 'run-status', arguments: '{}' } }), ...done],
      [status],
    ],
    [
      'null among the calls, and a part without a function',
      [
        delta({ tool_calls: [null, { index: 0, id: 'a', function: { name: 'run-status', arguments: '{}' } }] }),
        part({ index: 0, function: null }),
        ...done,
      ],
      [status],
    ],
    [
      'the old way, one function',
      [
        delta({ function_call: { name: 'list-failures', arguments: '{"when"' } }),
        delta({ function_call: { arguments: ':"上周"}' } }),
        delta({}, 'function_call'),
        '[DONE]',
      ],
      [failures],
    ],
    [
      'the end called stop',
      [part({ index: 0, id: 'a', function: { name: 'run-status', arguments: '{}' } }), ...stop],
      [status],
    ],
    ['no end at all', [part({ index: 0, id: 'a', function: { name: 'run-status', arguments: '{}' } })], [status]],
    [
      'a message instead of deltas',
      [
        {
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: null,
                tool_calls: [{ id: 'a', type: 'function', function: { name: 'run-status', arguments: '{}' } }],
              },
              finish_reason: 'tool_calls',
            },
          ],
        },
        '[DONE]',
      ],
      [status],
    ],
  ])('%s', async (_what, events, wanted) => {
    expect(await callsOf(events)).toEqual(wanted);
    expect(talk.logged).toEqual([]);
  });

  test('what goes back to the server has an id a call and arguments that are JSON', async () => {
    await callsOf([
      part({ index: 0, id: 'same', function: { name: 'run-status', arguments: '' } }),
      part({ index: 1, id: 'same', function: { name: 'list-failures', arguments: '{"when": ' } }),
      ...done,
    ]);
    const { messages } = talk.model.requests[1] ?? { messages: [] };
    const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
    expect(calls.map((call) => call.function.arguments)).toEqual(['{}', '{}']);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    expect(messages.filter(({ role }) => role === 'tool').map((message) => message.tool_call_id)).toEqual(
      calls.map(({ id }) => id),
    );
  });
});

describe('calls as text', () => {
  const dsml = (before: string, inner: string, after: string): string => `${before}\n${inner}\n${after}`;
  test.each<[string, string, [string, object][]]>([
    [
      'DSML',
      dsml(
        '<｜DSML｜tool_calls>',
        '<｜DSML｜invoke name="list-failures">\n<｜DSML｜parameter name="when" string="true">上周</｜DSML｜parameter>\n</｜DSML｜invoke>',
        '</｜DSML｜tool_calls>',
      ),
      [failures],
    ],
    [
      'DSML with doubled bars, blanks and round quotes',
      dsml(
        '<｜｜DSML｜｜ calls>',
        '<｜｜DSML｜｜ invoke name=“list-failures”>\n</｜｜DSML｜｜ invoke>',
        '</｜｜DSML｜｜ calls>',
      ),
      [['list-failures', {}]],
    ],
    [
      'DSML with bars of ASCII, under the older name',
      dsml(
        '<|DSML|function_calls>',
        '<|DSML|invoke name="run-status"></|DSML|invoke>\n<|DSML|invoke name="report"><|DSML|parameter name="top" string="false">5</|DSML|parameter></|DSML|invoke>',
        '</|DSML|function_calls>',
      ),
      [status, ['report', { top: 5 }]],
    ],
    ['DSML without what stands around it', '<｜DSML｜invoke name="run-status">\n</｜DSML｜invoke>', [status]],
    [
      'DSML whose opener is not closed',
      '<｜DSML｜tool_calls\n<｜DSML｜invoke name="run-status">\n</｜DSML｜invoke>',
      [status],
    ],
    ['DSML broken off', '<｜DSML｜tool_calls>\n<｜DSML｜invoke name="run-status">', [status]],
    [
      'other invokes',
      '<minimax:tool_call>\n<invoke name="list-failures">\n<parameter name="when">上周</parameter>\n</invoke>\n</minimax:tool_call>',
      [failures],
    ],
    ['Hermes', `<tool_call>\n{"name": "list-failures", "arguments": ${whenLastWeek}}\n</tool_call>`, [failures]],
    [
      'Hermes twice',
      '<tool_call>{"name":"list-failures","arguments":{"when":"上周"}}</tool_call>\n<tool_call>{"name":"run-status","arguments":{}}</tool_call>',
      [failures, status],
    ],
    ['Hermes without its end', '<tool_call>\n{"name": "run-status", "arguments": {}}', [status]],
    [
      'Hermes after words and thoughts',
      '<think>先查</think>好的，我看看。<tool_call>{"name":"run-status","arguments":"{}"}</tool_call>',
      [status],
    ],
    [
      'Qwen Coder',
      '<tool_call>\n<function=list-failures>\n<parameter=when>\n上周\n</parameter>\n</function>\n</tool_call>',
      [failures],
    ],
    ['a function with JSON', `<function=list-failures>${whenLastWeek}</function>`, [failures]],
    ['GLM', '<tool_call>list-failures\n<arg_key>when</arg_key>\n<arg_value>上周</arg_value>\n</tool_call>', [failures]],
    ['GLM without arguments', '<tool_call>run-status\n</tool_call>', [status]],
    [
      'DeepSeek V3',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>list-failures\n```json\n{"when":"上周"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
      [failures],
    ],
    [
      'DeepSeek V3.1',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>list-failures<｜tool▁sep｜>{"when":"上周"}<｜tool▁call▁end｜><｜tool▁call▁begin｜>run-status<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
      [failures, status],
    ],
    [
      'Kimi',
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.list-failures:0<|tool_call_argument_begin|>{"when":"上周"}<|tool_call_end|><|tool_call_begin|>functions.run-status:1<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>',
      [failures, status],
    ],
    ['Mistral', '[TOOL_CALLS][{"name":"list-failures","arguments":{"when":"上周"}}]', [failures]],
    ['Mistral, newer', '[TOOL_CALLS]list-failures[ARGS]{"when":"上周"}', [failures]],
    ['Llama', '<|python_tag|>{"name": "list-failures", "parameters": {"when": "上周"}}', [failures]],
    ['JSON and nothing else', '{"name": "list-failures", "parameters": {"when": "上周"}}', [failures]],
    ['JSON in a fence', '```json\n{"name": "list-failures", "arguments": {"when": "上周"}}\n```', [failures]],
    [
      'Harmony',
      '<|channel|>analysis<|message|>先想想<|end|><|start|>assistant<|channel|>commentary to=functions.list-failures <|constrain|>json<|message|>{"when":"上周"}<|call|>',
      [failures],
    ],
  ])('%s', async (_what, text, wanted) => {
    // Whole, and cut anywhere, as streams are.
    expect(await callsOf([...words(text), ...stop])).toEqual(wanted);
    talk.calls.length = 0;
    talk.say = (_request, round) =>
      round === 0 ? { events: [...words(...(text.match(/.{1,3}/gsu) ?? [])), ...stop] } : { text: '看过了。' };
    const { grown } = await talk.ask('帮我看看眼下的情形');
    expect(talk.calls.map(({ tool, args }) => [tool, args])).toEqual(wanted);
    for (const shown of grown) expect(shown).not.toMatch(/[<>＜＞{}]|DSML|tool|invoke|function|先查|先想/i);
  });

  test('a call by another name is answered, not swallowed', async () => {
    await callsOf([...words('<tool_call>{"name":"drop-table","arguments":{}}</tool_call>'), ...stop]);
    expect(talk.calls).toEqual([]);
    expect(talk.model.requests[1]?.messages.at(-1)?.content).toContain('没有这个工具');
  });

  test('JSON that names no tool is an answer like any other', async () => {
    talk.say = () => ({ text: '{"name": "某某", "note": "看一眼"}' });
    const outcome = await talk.ask('帮我看看眼下的情形');
    expect(talk.calls).toEqual([]);
    expect(outcome).toMatchObject({ answer: { reply: { text: expect.stringContaining('看一眼') } } });
  });
});

describe('thoughts are never shown', () => {
  const answer = '先看缺料，再看关账。';
  test.each<[string, Events]>([
    ['tags', words(`<think>\n内部规则\n</think>\n\n${answer}`)],
    ['tags in pieces', words('<thi', 'nk>内部', '规则</th', 'ink>', '先看缺料，', '再看关账。')],
    ['an end without a beginning', words(`内部规则\n</think>\n\n${answer}`)],
    ['other names', words(`<thinking>内部规则</thinking><reasoning>内部规则</reasoning>${answer}`)],
    ['a name of one vendor', words(`<seed:think>内部规则</seed:think>${answer}`)],
    ['one inside the other', words(`<think>内部<think>规则</think>内部规则</think>${answer}`)],
    ['triangles', words(`◁think▷内部规则◁/think▷${answer}`)],
    ['brackets', words(`[THINK]内部规则[/THINK]${answer}`)],
    [
      'channels',
      words(`<|channel|>analysis<|message|>内部规则<|end|><|start|>assistant<|channel|>final<|message|>${answer}`),
    ],
    ['a field of its own', [delta({ reasoning_content: '内部规则' }), ...words(answer)]],
    ['other fields', [delta({ reasoning: '内部规则', thinking: '内部规则' }), ...words(answer)]],
    [
      'parts of several kinds',
      [
        delta({
          content: [
            { type: 'thinking', text: '内部规则' },
            { type: 'text', text: answer },
          ],
        }),
      ],
    ],
  ])('%s', async (_what, events) => {
    talk.say = () => ({ events: [...events, ...stop] });
    const outcome = await talk.ask('聊聊该先看哪块');
    expect(outcome).toMatchObject({ answer: { reply: { text: answer } } });
    const shown = _what === 'an end without a beginning' ? [] : outcome.grown;
    for (const text of shown) expect(text).not.toMatch(/内部|规则|think/i);
  });

  test('a model that has ended thoughts it had not begun is waited for from then on', async () => {
    talk.say = () => ({ events: [...words('内部规则，', '想完了。</think>', '先看缺料，', '再看关账。'), ...stop] });
    await talk.ask('聊聊该先看哪块');
    const { grown } = await talk.ask('聊聊该先看哪块', { again: true });
    expect(grown.length).toBeGreaterThan(0);
    for (const text of grown) expect(text).not.toContain('内部');
  });

  test('thoughts and nothing else are no answer', async () => {
    talk.say = () => ({ events: [delta({ reasoning_content: '内部规则' }), ...stop] });
    expect(await talk.ask('聊聊该先看哪块')).toMatchObject({ why: expect.stringContaining('没有给出') });
  });

  test('thoughts that fill the room: asked once more with more of it, and from then on', async () => {
    talk.say = ({ max_tokens = 0 }) =>
      max_tokens > 800 ? { text: answer } : { events: [...words('<think>想得很长'), delta({}, 'length'), '[DONE]'] };
    expect(await talk.ask('聊聊该先看哪块')).toMatchObject({ answer: { reply: { text: answer } } });
    await talk.ask('聊聊该先看哪块', { again: true });
    expect(talk.model.requests.map(({ max_tokens }) => max_tokens)).toEqual([800, 3200, 3200]);
  });
});

describe('streams that are not as they should be', () => {
  const answer = '先看缺料，再看关账。';
  test.each<[string, Events]>([
    ['counting without choices', [...words(answer), delta({}, 'stop'), { usage: { total_tokens: 9 } }, '[DONE]']],
    ['choices of null', [...words(answer), delta({}, 'stop'), { choices: null, usage: { total_tokens: 9 } }, '[DONE]']],
    ['a chunk of null', ['null', ...words(answer), delta({}, 'stop'), '[DONE]']],
    ['no end', words(answer)],
    ['no end, but its mark', [...words(answer), '[DONE]']],
    ['an end and no mark', [...words(answer), delta({}, 'stop')]],
    ['the end with the last words', [delta({ content: answer }, 'stop'), '[DONE]']],
    ['a delta of null', [...words(answer), { choices: [{ index: 0, delta: null, finish_reason: 'stop' }] }, '[DONE]']],
    ['choices without a delta', [{ choices: [{ index: 0 }] }, ...words(answer), '[DONE]']],
    ['an empty list of calls', [...words(answer), delta({ tool_calls: [] }), delta({}, 'stop'), '[DONE]']],
    ['its room at an end', [...words(answer), delta({}, 'length'), '[DONE]']],
  ])('%s', async (_what, events) => {
    talk.say = () => ({ events });
    expect(await talk.ask('聊聊该先看哪块')).toMatchObject({ answer: { reply: { text: answer } } });
    expect(talk.logged).toEqual([]);
  });

  test('tokens are counted wherever the server puts them, and guessed where it does not', async () => {
    const counted: Events[] = [
      [...words(answer), delta({}, 'stop'), { usage: { total_tokens: 9 } }, '[DONE]'],
      [...words(answer), { choices: [{ delta: {}, finish_reason: 'stop', usage: { total_tokens: 9 } }] }, '[DONE]'],
    ];
    for (const events of counted) {
      talk.tokens = 0;
      talk.say = () => ({ events });
      await talk.ask('聊聊该先看哪块');
      expect(talk.tokens).toBe(9);
    }
    talk.tokens = 0;
    talk.say = () => ({ events: [...words(answer), ...stop] });
    await talk.ask('聊聊该先看哪块');
    expect(talk.tokens).toBeGreaterThan(100);
  });

  test('an answer that is no stream is read all the same', async () => {
    talk.say = () => ({
      status: 200,
      body: {
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: answer }, finish_reason: 'stop' }],
        usage: { total_tokens: 7 },
      },
    });
    expect(await talk.ask('聊聊该先看哪块')).toMatchObject({ answer: { reply: { text: answer } } });
    expect(talk.tokens).toBe(7);
  });

  test('a stream without an end to its length is left', async () => {
    talk.say = () => ({ events: words(...Array.from({ length: 100 }, () => '长'.repeat(1000))) });
    expect(await talk.ask('聊聊该先看哪块')).toMatchObject({ why: expect.stringContaining('格式') });
  });
});
