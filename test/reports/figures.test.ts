import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../../src/assistant/assistant.ts';
import type { Card } from '../../src/channels/message.ts';
import { chat } from '../../src/commands/chat.ts';
import { Decimal } from '../../src/decimal.ts';
import type { StatedFigure } from '../../src/reports/stated.ts';
import { pause, startApp, syncDays, type TestApp } from '../fakes/app.ts';
import { dataFolder } from '../fakes/folder.ts';

let app: TestApp;
let talks = 0;
const say = (text: string, conversation = `web:${++talks}`): Promise<Answer> =>
  app.assistant.answer({ person: 'web:a', conversation, text });

/** What an answer says with a unit, in words or on its card. */
function stated(text: string, card: Card | undefined): string[] {
  const words = [text, card?.title ?? '', ...(card?.blocks ?? []).flatMap((block) => JSON.stringify(block))].join('\n');
  const found = (shape: RegExp, unit: string): string[] =>
    [...words.matchAll(shape)].map(([, value = '']) => `${new Decimal(value.replaceAll(',', ''))} ${unit}`);
  const drawn = (card?.blocks ?? []).flatMap((block) =>
    block.type === 'counts'
      ? block.counts.map(({ value }) => `${value} orders`)
      : block.type === 'chart'
        ? block.values.map((value) => `${value} ${block.unit === '件' ? 'pieces' : 'orders'}`)
        : [],
  );
  return [
    ...found(/(\d[\d,]*) 单/g, 'orders'),
    ...found(/¥(-?[\d,]+\.\d\d)/g, 'yuan'),
    ...found(/([\d.]+)%/g, 'percent'),
    ...found(/([\d.]+) 件/g, 'pieces'),
    ...drawn,
  ];
}
const valuesOf = (figures: readonly StatedFigure[] = []): Set<string> =>
  new Set(
    figures.map(
      ({ value, unit }) =>
        `${unit === 'yuan' ? new Decimal(new Decimal(value).toFixed(2)) : new Decimal(value)} ${unit}`,
    ),
  );

function expectStated(text: string, card: Card | undefined, figures: readonly StatedFigure[] | undefined): void {
  const known = valuesOf(figures);
  const said = stated(text, card);
  expect(said.length, text).toBeGreaterThan(0);
  for (const one of said) expect(known, `${one} of ${text}`).toContain(one);
}

beforeAll(async () => {
  app = await startApp();
  await syncDays(app, '2026-11-22', '2026-11-23');
}, 60_000);
afterAll(async () => await app.end());

describe('every figure an answer states stands beside it', () => {
  test.each([
    '昨天各店铺出库单量',
    '最近三天每天的单量',
    '昨天卖得最好的前5个sku',
    '昨天失败原因分布',
    '昨天进了金蝶多少钱',
    '昨天抖音多少单',
    '昨天有哪些单',
    '没审核的单子有哪些',
    '有哪些失败',
    '昨天有哪些失败',
    '缺哪些物料',
    '进度怎么样',
    '昨天同步得怎么样了',
  ])('%s', async (text) => {
    const { reply, figures } = await say(text);
    expectStated(reply.text, reply.card, figures);
  });

  test.each(['昨天卖得最好的前5个sku', '昨天有哪些失败', '昨天有哪些单'])(
    'on the pages of 「%s」, too',
    async (text) => {
      const conversation = `web:${++talks}`;
      await say(text, conversation);
      const { reply, figures } = await say('下一页', conversation);
      expectStated(reply.text, reply.card, figures);
    },
  );
});

test('a figure says what it is about, of which group, and for which days it is known', async () => {
  const { figures = [] } = await say('2026-11-20 到 2026-11-23 各店铺出库单量');
  expect(figures[0]).toEqual({
    metric: 'orders',
    value: 74,
    unit: 'orders',
    window: { start: '2026-11-20T00:00:00+08:00', end: '2026-11-24T00:00:00+08:00' },
    covered: ['2026-11-22', '2026-11-23'],
  });
  const byShop = figures.filter(({ metric, by }) => metric === 'orders' && by?.shop);
  expect(byShop.reduce((sum, { value }) => sum + Number(value), 0)).toBe(74);
  const amount = figures.find(({ metric, by }) => metric === 'amount' && !by);
  expect(amount?.value).toMatch(/^\d+(\.\d+)?$/);
});

test('of days that nobody has read nothing is stated, of days without orders a zero is', async () => {
  expect((await say('2026-10-03 的单量')).figures).toEqual([]);
  const none = await say('昨天因为登录失效失败的有哪些');
  expect(none.figures?.[0]).toMatchObject({ metric: 'failed', value: 0, covered: ['2026-11-23'] });
});

test('a run that took bills back states how many', async () => {
  app.clock.now += 1000;
  const [done] = await app.store.sql.query<{ key: string }>(
    `select key from documents where state = 'done' order by key limit 1`,
  );
  const conversation = `web:${++talks}`;
  await say(`撤掉 ${done?.key}`, conversation);
  const { run } = await say('确认', conversation);
  await app.sync.ended(run?.id ?? '', pause);
  const { reply, figures } = await say('进度怎么样');
  expectStated(reply.text, reply.card, figures);
  expect(figures?.[0]).toMatchObject({ metric: 'undone', value: 1, window: null });
});

describe('in the JSON of the command', () => {
  const dir = dataFolder();
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test('a reconciliation states its verdict', async () => {
    let printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      printed += String(chunk);
      return true;
    });
    expect(await chat(['--once', '前天到昨天对账', '--json'], { DATA_DIR: dir })).toBe(0);
    const { reply, reconciliation, figures } = JSON.parse(printed);
    expectStated(reply.text, reply.card, figures);
    expect(figures[0]).toMatchObject({ metric: 'source', value: reconciliation.source.count });
    expect(figures[0].covered).toHaveLength(2);
  });
});
