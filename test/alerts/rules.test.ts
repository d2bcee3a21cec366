import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { within } from '../../src/alerts/hours.ts';
import { parseRules, Rules } from '../../src/alerts/rules.ts';

test.each([
  ['routes: [{to: []}]', 'alerts.invalid'],
  ['routes: [{to: ["mail:x"]}]', 'alerts.invalid'],
  ['route: []', 'alerts.invalid'],
  ['group: {wait: soon}', 'alerts.invalid'],
  ['quiet: "25:00-08:00"', 'alerts.invalid'],
  ['runs: [{to: ["feishu:oc_1"], only: good}]', 'alerts.invalid'],
  ['routes: [{to: ["robot:nobody"]}]', 'alerts.invalid'],
  ['robots: [{kind: generic, url: "file:///etc/passwd"}]', 'alerts.invalid'],
  ['robots: [{name: a, kind: generic, url: "http://x"}, {name: a, kind: generic, url: "http://y"}]', 'alerts.invalid'],
  ['digests: [{to: ["feishu:oc_1"], cron: "a b c d e"}]', 'alerts.invalid'],
  ['routes: [', 'alerts.syntax'],
])('%j is refused as %s, with its place', (rules, code) => {
  expect(() => parseRules(rules, 'alerts.yaml')).toThrowError(
    expect.objectContaining({ code, message: expect.stringMatching(/第 \d+ 行第 \d+ 列/) }),
  );
});

test('robots without a name are called by kind and place', () => {
  const { robots } = parseRules('robots: [{kind: dingtalk, url: "http://x"}, {kind: dingtalk, url: "http://y"}]', 'a');
  expect(robots.map(({ name }) => name)).toEqual(['dingtalk1', 'dingtalk2']);
});

test('the example in docs is a good one', () => {
  expect(new Rules('docs/alerts.example.yaml', () => undefined).current().runs).toHaveLength(1);
});

test('a changed file is in force at once; a broken one is told and changes nothing', () => {
  const dir = mkdtempSync(join(tmpdir(), 'xiaoqing-rules-'));
  const file = join(dir, 'alerts.yaml');
  const errors: unknown[] = [];
  const write = (text: string, at: number): void => {
    writeFileSync(file, text);
    utimesSync(file, at, at);
  };
  write('quiet: "22:00-08:00"', 1000);
  const rules = new Rules(file, (error) => errors.push(error));
  expect(rules.current().quiet).toBe('22:00-08:00');
  write('quiet: "23:00-07:00"', 2000);
  expect(rules.current().quiet).toBe('23:00-07:00');
  write('quiet: never', 3000);
  expect(rules.current().quiet).toBe('23:00-07:00');
  rules.current();
  expect(errors).toEqual([expect.objectContaining({ code: 'alerts.invalid' })]);
  rmSync(dir, { recursive: true });
});

test.each([
  ['08:00-22:00', '08:00', true],
  ['08:00-22:00', '22:00', false],
  ['22:00-08:00', '23:59', true],
  ['22:00-08:00', '00:00', true],
  ['22:00-08:00', '08:00', false],
  ['00:00-24:00', '12:00', true],
])('%s holds at %s: %s', (hours, clock, expected) => {
  expect(within(hours, new Date(`2026-11-24T${clock}:00+08:00`))).toBe(expected);
});
