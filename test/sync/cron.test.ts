import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isCron, refuseCron, shortestGapMs } from '../../src/sync/cron.ts';
import { startSchedules } from '../../src/sync/scheduler.ts';
import { startApp, type TestApp } from '../fakes/app.ts';

const minute = 60_000;

describe('five fields with ticks', () => {
  test.each(['*/10 * * * *', '0 8 * * 1-5', '0,30 8-20/2 1 jan,jul ?', ' 15 2 * * MON '])('%s is a cron', (cron) => {
    expect(isCron(cron)).toBe(true);
  });

  test.each([
    '',
    'garbage',
    '* * * * * *',
    '*/1 * * * * *',
    '61 * * * *',
    '0 0 31 2 *',
    'a b c d e',
    '@daily',
    'H * * * *',
    '0 8 L * *',
  ])('%s is none', (cron) => {
    expect(isCron(cron)).toBe(false);
    expect(() => refuseCron(cron, minute)).toThrowError(expect.objectContaining({ code: 'schedule.not_a_cron' }));
  });

  test.each([
    ['* * * * *', 1],
    ['*/10 * * * *', 10],
    ['0,58 0,23 * * *', 2],
    ['0 8 * * *', 1440],
    ['58 23,0 * * *', 60],
  ])('the ticks of %s are at least %i minutes apart', (cron, minutes) => {
    expect(shortestGapMs(cron)).toBe(minutes * minute);
    expect(() => refuseCron(cron, minutes * minute)).not.toThrow();
    expect(() => refuseCron(cron, minutes * minute + 1)).toThrowError(
      expect.objectContaining({ code: 'schedule.too_often' }),
    );
  });
});

describe('a schedule in the house', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await app.end();
  });
  beforeEach(async () => void (await app.store.sql.query('delete from schedules')));

  const stored = () => app.settings.schedules();
  const who = { person: 'terminal:a', conversation: 'terminal:a' };
  const press = (name: string, args: Record<string, string> = {}) =>
    app.assistant.answer({ ...who, text: '', action: { name, args } });
  const store = (cron: string) =>
    app.store.sql.query(
      'insert into schedules (pipeline, cron, enabled, person, at) values ($1, $2, true, $3, now())',
      [app.sync.defaultPipeline, cron, 'terminal:a'],
    );
  const wrong = async () => (await app.alerts.reports()).map(({ category }) => category);

  test.each([
    ['garbage', '不是定时'],
    ['* * * * * *', '不是定时'],
    ['* * * * *', '最密 5 分钟一次'],
  ])('%s is refused before it is saved or asked about, and says why', async (cron, why) => {
    const { decision, reply } = await press('set-schedule', { cron });
    expect(decision.action).toBe('reply');
    expect(reply.text).toContain(why);
    expect(await stored()).toEqual(new Map());
  });

  test('a model that proposes one is refused like anybody, and a good one is asked about in words', async () => {
    const { gate } = app.assistant;
    const propose = (cron: string) => {
      const call = { tool: 'set-schedule', args: { cron }, intent: 'set-schedule', slots: {} };
      return gate.use({ ...who, text: '' }, call, { mustConfirm: true });
    };
    expect((await propose('garbage')).reply.text).toContain('不是定时');
    const { decision, reply } = await propose('0 8 * * *');
    expect(decision.action).toBe('confirm');
    expect(reply.text).toContain('要把出库单的定时同步改成「每天 08:00」吗');
    expect(await stored()).toEqual(new Map());
    const [yes] = reply.card?.buttons ?? [];
    const pressed = { ...who, text: '', ...(yes ? { action: yes.action } : {}) };
    expect((await app.assistant.answer(pressed)).reply.text).toContain('定时同步开着（每天 08:00）');
  });

  test.each(['garbage', '* * * * * *', '* * * * *'])(
    'stored all the same, %s stops its schedule alone, and loudly; a new one mends it',
    async (cron) => {
      await store(cron);
      const errors: unknown[] = [];
      const { now } = app.ports;
      const schedules = await startSchedules({
        sql: app.store.sql,
        sync: app.sync,
        changed: stored,
        now,
        onError: (error) => errors.push(error),
      });
      schedules.stop();
      expect(errors).toEqual([]);
      await app.alerts.evaluate();
      expect(await wrong()).toEqual(['schedule_broken']);
      expect((await press('show-schedule')).reply.text).toContain('定时同步没有在跑');
      expect((await press('resume-schedule')).reply.text).toMatch(/不是定时|太密/);
      await press('set-schedule', { cron: '*/10 * * * *' });
      app.clock.now += 10 * minute;
      await app.alerts.evaluate();
      expect(await wrong()).not.toContain('schedule_broken');
    },
  );

  test('a broken one can be paused', async () => {
    await store('garbage');
    expect((await press('pause-schedule')).reply.text).toContain('定时同步停着');
    expect((await stored()).get(app.sync.defaultPipeline)).toEqual({ cron: '*/10 * * * *', enabled: false });
  });

  test('a source of alerts that cannot look takes no other with it, and ends nothing', async () => {
    await store('garbage');
    await app.alerts.evaluate();
    vi.spyOn(app.store.sql, 'query').mockImplementationOnce(() => Promise.reject(new Error('no')));
    app.clock.now += 10 * minute;
    await expect(app.alerts.evaluate()).rejects.toThrow('no');
    expect(await wrong()).toContain('schedule_broken');
    vi.restoreAllMocks();
  });
});
