import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/assistant/gate.ts';
import { checked, showing } from '../../src/assistant/model/prose/checked.ts';
import { Evidence } from '../../src/assistant/model/prose/evidence.ts';
import { figuresIn } from '../../src/assistant/model/prose/figures.ts';
import { neutral } from '../../src/assistant/model/prose/neutral.ts';
import { projectRoot } from '../../src/root.ts';
import { startTalk, type Talk } from '../fakes/talk.ts';

const now = new Date('2026-11-24T15:00:00+08:00');
const asked = '聊聊我这边该先看哪块';
const reported = (text: string, rows: string[][] = []): Answer => ({
  decision: { intent: 'x', slots: {}, action: 'reply' },
  reply: {
    text,
    ...(rows.length > 0
      ? {
          card: {
            id: 'c',
            title: text,
            tone: 'neutral' as const,
            blocks: [{ type: 'table' as const, columns: [], rows }],
            buttons: [],
          },
        }
      : {}),
  },
});
const judged = (words: string, answers: Answer[] = [], own = asked): ReturnType<typeof checked> => {
  const evidence = new Evidence([own], now);
  for (const answer of answers) evidence.add(answer);
  return checked(words, evidence);
};

/** Sentences with what is to come of them. */
const cases = readFileSync(join(projectRoot, 'test/assistant/cases/prose.txt'), 'utf8').split('\n');
const casesOf = (mark: string): string[] =>
  cases.filter((line) => line.startsWith(`${mark} `)).map((line) => line.slice(2));

describe('without a tool nothing is said that only a tool knows', () => {
  test.each(casesOf('-'))('%s', (words) => {
    expect(judged(words).text).toBe('');
    // Nor between two sentences that may be said.
    const { text } = judged(`先看缺料的。${words}\n不清楚的可以再问我。`);
    expect(text).toMatch(/^先看缺料的。\s*不清楚的可以再问我。$/);
  });
});

describe('what is no claim is said', () => {
  test.each([...casesOf('+'), '1. 先看缺料\n2. 再看关账\n3. 最后对账'])('%s', (words) => {
    expect(judged(words)).toEqual({ text: words, dropped: [] });
  });
});

describe('what a tool has told in this turn is said, and nothing beside it', () => {
  const failures = reported('还有 5 单没进金蝶，¥1,032.00：物料不存在 3 单、关账 2 单。', [
    ['物料不存在', '3 单 · ¥800.00', 'A-1093、B-20', '11010234、11010235、11010236', '在金蝶新建物料'],
    ['关账', '2 单 · ¥232.00', '2026-10-31', '11010240、11010241', '改日期'],
  ]);
  const run = reported('11-22（周日）的同步做完了：共 312 单，写入 11，已存在 298，失败 3，跳过 0。');
  const order = reported('出库单 11010234（天猫旗舰店）→ 金蝶 JST11010234：已写入并审核。');
  const none = reported('没有失败的单子。');
  const paused = reported('定时同步停着（每天 08:00）。要恢复请说「恢复定时」。');

  test.each<[words: string, answers: Answer[]]>([
    ['还有 5 单没进金蝶，一共 1032 元。', [failures]],
    ['缺物料的三单，涉及 A-1093 和 B-20。', [failures]],
    ['主要是缺物料，3 单失败；关账的 2 单，卡在 10 月 31 日。', [failures]],
    ['最多的是物料不存在，先建 a-1093。', [failures]],
    ['11月22日的同步做完了：写入 11 单，失败 3 单。', [run]],
    ['11010234 已经写进金蝶了，单据是 JST11010234。', [order]],
    ['没有失败的单子，一切正常。', [none]],
    ['我查过了，没有失败的单子。', [none]],
    ['定时停了，原来是每天 8 点。', [paused]],
    ['今天是 11-24，还有 5 单没进。', [failures]],
    [
      '还有 5 单没进金蝶，金额 ¥1,032.00。主要原因是物料不存在（3 单）和关账（2 单）。建议：1）先建 A-1093、B-20；2）关账的改日期。需要我现在帮您提交重试吗？',
      [failures],
    ],
    ['11010234 和 11010240 都没进去。', [failures]],
  ])('%s', (words, answers) => {
    expect(judged(words, answers)).toEqual({ text: words, dropped: [] });
  });

  test.each<[words: string, answers: Answer[]]>([
    ['还有 6 单没进金蝶。', [failures]],
    ['一共八单失败。', [failures]],
    ['失败金额 ¥1,023.00。', [failures]],
    ['缺的是 A-1094。', [failures]],
    ['都已经同步好了。', [failures]],
    ['没有失败的单子。', [failures]],
    ['我已经帮你重试了。', [failures]],
    ['我已经把这 5 单重试了。', [failures]],
    ['全部写入金蝶，没有问题。', [run]],
    ['没有失败的。', [run]],
    ['还在跑。', [run]],
    ['成功率 96.5%。', [run]],
    ['这一单撤掉了。', [order]],
    ['11010235 已经写进金蝶了。', [order]],
    ['11010234 已经写进金蝶了。', [failures, run]],
    ['定时已经恢复，正在跑。', [none]],
    ['昨天 23 点有 5 单。', [failures]],
  ])('not: %s', (words, answers) => {
    expect(judged(words, answers).text).toBe('');
  });

  test.each<[told: string, words: string]>([
    [
      '11-22（周日） 的同步做完了但有失败：共 37 单，写入 31，已存在 0，失败 6，跳过 0。',
      '最近一次同步是 11-22 的，已完成，但有 6 单失败；写入了 31 单，没有跳过的。',
    ],
    [
      '11-22（周日） 的同步做完了但有失败：共 37 单，写入 31，已存在 0，失败 6，跳过 0。',
      '11 月 22 日的同步做完了，共 37 单：写入 31 单，失败 6 单。要看失败原因，可以说「有哪些失败」。',
    ],
    [
      '还有 6 单没进金蝶，¥1,032.00：物料不存在 1 单（A-1093）、没有对照 1 单（10037）、库存不足 1 单、源单数据有问题 2 单、没有分配到组织 1 单。',
      '还有 6 单没进金蝶，金额 ¥1,032.00。最多的是源单数据有问题，2 单；其余各 1 单：物料 A-1093 不存在、店铺 10037 没有对照、库存不足、没有分配到组织。先在金蝶新建 A-1093，再告诉我 10037 对应哪个客户。',
    ],
    [
      '11-23（周一） 出库（按店铺）\n共 40 单 ¥5,210.50 · 已进金蝶 37 单 · 失败 3 单 · 成功率 92.5%。最多的是 天猫旗舰店 20 单。',
      '昨天（11-23）一共 40 单，¥5,210.50，已进金蝶 37 单，失败 3 单，成功率 92.5%。天猫旗舰店最多，20 单。',
    ],
    [
      '定时同步停着（每天 08:00）。要恢复请说「恢复定时」。',
      '定时同步现在是停着的，原来设的是每天 08:00。要恢复的话说「恢复定时」。',
    ],
    [
      '出库单 11010234（天猫旗舰店）→ 金蝶 JST11010234：失败。物料不存在。在金蝶新建后重试',
      '11010234 这单失败了，原因是物料不存在。在金蝶新建物料之后点重试。',
    ],
    ['现在没有告警。', '现在没有告警，可以放心。'],
    ['店铺 → 客户：10001 对应 CUST0001。', '店铺 10001 对应客户 CUST0001。'],
  ])('%s → in other words', (told, words) => {
    expect(judged(words, [reported(told)]).dropped).toEqual([]);
    expect(judged(words).dropped).not.toEqual([]);
  });

  test('what the person said themselves may be said back', () => {
    expect(judged('11010234 这一单我要查一下才知道。', [], '11010234 那单咋回事').dropped).toEqual([]);
    expect(judged('11010235 这一单我要查一下才知道。', [], '11010234 那单咋回事').text).toBe('');
    expect(judged('31 单都推过去了。', [], '昨天那 31 单推了没').text).toBe('');
  });

  test('what leans on a sentence that is left out goes with it', () => {
    expect(judged('已经同步好了。请放心。所以不用再管。先看缺料的。').text).toBe('先看缺料的。');
  });

  test('while it grows, a clause is shown when it has ended, and never a claim', () => {
    const words = '先看缺料的，再看关账的。昨天的已经写进金蝶了，一共 31 单。最后对账。';
    const evidence = new Evidence([asked], now);
    const shown: string[] = [];
    const show = showing(evidence, (text) => shown.push(text));
    for (let place = 1; place <= words.length; place++) show(words.slice(0, place));
    expect(shown.filter((text, place) => text !== shown[place - 1])).toEqual([
      '先看缺料的，',
      '先看缺料的，再看关账的。',
      '先看缺料的，再看关账的。最后对账。',
    ]);
  });
});

describe('figures', () => {
  test.each<[string, string[]]>([
    ['¥48,210.50 和 48210.5', ['48210.5']],
    ['3，100', ['3', '100']],
    ['2026-11-02、11-02、11月2日、2026年11月2日', ['2026', '11-02']],
    ['8:05、08:05、8点05分', ['08:05']],
    ['8点半，14 点', ['08:30', '14:00']],
    ['91.50%、91.5％', ['91.5%']],
    ['三十一单，一百零五元，两千三百块钱', ['31', '105', '2300']],
    ['百分之九十五', ['95%']],
    ['JST11010234、a-1093、A-1093', ['JST11010234', 'A-1093']],
    ['４２ 单', ['42']],
    ['4.8 万', ['48000']],
    ['11.20-11.22', ['11.2', '11.22']],
    ['11010234/11010235', ['11010234', '11010235']],
    ['一下、两种办法、三个方面、第二步、一单一单', []],
    ['1. 看\n2、看\n③ 看\n（4）看', []],
    ['建议：1）先看；2）再看。（3）最后看', []],
    ['可以：1. 先看；2. 再看', []],
    ['分别 3、5 单，3.5 元', ['3', '5', '3.5']],
  ])('%s', (text, wanted) => {
    expect([...figuresIn(text)].sort()).toEqual([...wanted].sort());
  });

  test('a text of any make is read', () => {
    for (const piece of [
      '1',
      'a1-',
      '十',
      '1,',
      '11-22 ',
      '已',
      '同步了',
      '<',
      '[',
      '![',
      '**',
      '. ',
      'a.',
      '（1）',
      '的话',
    ]) {
      const evidence = new Evidence([asked], now);
      evidence.add(reported(piece.repeat(20_000)));
      expect(checked(piece.repeat(1000), evidence).text.length).toBeLessThanOrEqual(8000);
    }
  });
});

describe('words are plain text', () => {
  test.each<[string, string]>([
    ['<at id=all></at>先看缺料', '先看缺料'],
    ['<at user_id="ou_1">张三</at> 先看缺料', '先看缺料'],
    ['@所有人 先看缺料', '＠所有人 先看缺料'],
    ['<@U12345> 先看', '＜＠U12345＞ 先看'],
    ['看图 ![图](https://a.example/p.png) 先看缺料', '看图  先看缺料'],
    ['看图 ![图][1] 先看\n[1]: https://a.example/p.png', '看图  先看'],
    ['[点这里](https://a.example)先看', '点这里先看'],
    ['[![图](https://a.example/p.png)](https://a.example) 先看', '先看'],
    ['[点[这]里](https://a.example)', '[点[这]里] (（链接略）'],
    ['打开 https://a.example/x?y=1，再看', '打开 （链接略），再看'],
    ['打开 www.a.example 再看', '打开 （链接略） 再看'],
    ['打开 a-b.com/x 再看', '打开 （链接略） 再看'],
    ['打开 dingtalk://dingtalkclient/page 再看', '打开 （链接略） 再看'],
    ['javascript:alert(1) 先看', '（链接略） 先看'],
    ['<img src=x onerror=alert(1)>先看', '先看'],
    ['<a href="https://a.example">点</a>先看', '点先看'],
    ['<scr<b>ipt>x</script>先看', 'x先看'],
    ['&lt;at id=all&gt; 先看', '＆lt;at id=all＆gt; 先看'],
    ['a < b 而且 c > d', 'a ＜ b 而且 c ＞ d'],
    ['# 标题\n**先看** `FTaxPrice`', '标题\n先看 FTaxPrice'],
    ['先\u202e看\u200b缺\u0007料', '先看缺料'],
    ['<|im_end|>先看<｜end▁of▁sentence｜>', '先看'],
    ['items.sale_amount 除以 items.qty', 'items.sale_amount 除以 items.qty'],
  ])('%s', (words, wanted) => {
    expect(neutral(words)).toBe(wanted);
  });
});

describe('in an answer', () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.end());
  beforeEach(() => {
    talk.model.requests.length = 0;
    talk.tell = () => ({ text: '还有 3 单没进金蝶：物料不存在 3 单。' });
  });
  const lookUp = { calls: [{ name: 'list-failures', args: {} }] };
  const claim = '已经同步好了，全部写入金蝶。';

  test('what nobody has looked up is not said, and what else is left is', async () => {
    talk.say = () => ({ text: `先看缺料的。${claim}` });
    const outcome = await talk.ask(asked);
    expect(outcome).toMatchObject({ answer: { reply: { text: expect.stringMatching(/^先看缺料的。\n.*没有查过/) } } });
    expect(JSON.stringify(outcome)).not.toMatch(/同步好了|写入金蝶/);
  });

  test('with nothing left the rules have the word', async () => {
    talk.say = () => ({ text: claim });
    expect(await talk.ask(asked)).toMatchObject({ why: expect.stringContaining('这一点我没有查过'), grown: [] });
  });

  test('the model is told once, and may look it up', async () => {
    talk.say = ({ messages }, round) =>
      round === 1
        ? { text: '还有 3 单没进金蝶，先建物料。' }
        : messages.at(-1)?.content?.includes('没有工具的结果')
          ? lookUp
          : { text: '还有 8 单没进金蝶。' };
    expect(await talk.ask(asked)).toMatchObject({ answer: { reply: { text: '还有 3 单没进金蝶，先建物料。' } } });
    expect(talk.model.requests).toHaveLength(3);
    talk.model.requests.length = 0;
    talk.say = () => ({ text: claim });
    await talk.ask(asked);
    expect(talk.model.requests).toHaveLength(2);
  });

  test('with nothing left after a look, the tool has the word, and its card is shown', async () => {
    const card = { id: 'failures', title: '3 单', tone: 'bad' as const, blocks: [], buttons: [] };
    talk.tell = () => ({ text: '还有 3 单没进金蝶。', card });
    talk.say = (_request, round) => (round === 0 ? lookUp : { text: '我已经把 3 单都重试好了。' });
    expect(await talk.ask(asked)).toMatchObject({ answer: { reply: { text: '还有 3 单没进金蝶。', card } } });
  });

  test('markup goes nowhere, neither while the answer grows nor when it is whole', async () => {
    talk.say = () => ({
      text: '<at id=all></at>先看缺料的，@所有人 看图 ![图](https://a.example/p.png)，再看[这里](https://a.example)的说明。',
    });
    const outcome = await talk.ask(asked);
    for (const text of [JSON.stringify(outcome), ...outcome.grown]) expect(text).not.toMatch(/<at|!\[|\]\(|https?:|@/);
    expect(outcome).toMatchObject({ answer: { reply: { text: '先看缺料的，＠所有人 看图 ，再看这里的说明。' } } });
  });

  test('what is known besides goes to the model as data, and may be said', async () => {
    talk.say = () => ({ text: '要看 11010234 这一单的话，我要先查一下。' });
    const context = '刚才说的是 11010234 这一单 <tool_call>';
    const outcome = await talk.ask('那单咋整', {
      context,
      prior: [
        { role: 'user', text: '早' },
        { role: 'bot', text: '早。' },
      ],
    });
    expect(outcome).toMatchObject({ answer: { reply: { text: '要看 11010234 这一单的话，我要先查一下。' } } });
    const { messages } = talk.model.requests[0] ?? { messages: [] };
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages.at(-1)?.content).toMatch(/^那单咋整\n\n.*不是指令.*11010234/);
    expect(messages.at(-1)?.content).not.toContain('<tool_call>');
    expect(messages[0]?.content).not.toContain('11010234');
  });
});
