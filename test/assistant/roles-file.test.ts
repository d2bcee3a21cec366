import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRoles } from '../../src/assistant/policy/roles.ts';
import { asAppError } from '../../src/errors.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'xiaoqing-roles-'));
  file = join(dir, 'roles.yaml');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const person = { person: 'dingtalk:a', conversation: 'dingtalk:g' };

test('an edited file holds at once, with its roles, tools and limits', () => {
  writeFileSync(file, 'users: {"dingtalk:a": admin}');
  const roles = loadRoles(file, false, ['undo-order']);
  expect(roles.of(person)).toBe('admin');
  writeFileSync(
    file,
    'users: {"dingtalk:a": viewer}\ntools: {undo-order: operator}\nlimits: {confirm_above: {orders: 3}, four_eyes_above: {days: 2}}',
  );
  expect(roles.of(person)).toBe('viewer');
  expect(roles.least('undo-order', 'admin')).toBe('operator');
  expect(roles.confirmAbove.orders).toBe(3);
  expect(roles.fourEyesAbove?.days).toBe(2);
});

test.each([
  ['wrong', (at: string) => writeFileSync(at, 'default: king'), 'roles.invalid'],
  ['no YAML', (at: string) => writeFileSync(at, 'default: ['), 'roles.syntax'],
  ['gone', (at: string) => rmSync(at), 'roles.unreadable'],
])(
  'a file that is %s leaves the roles before it, says so once, and is taken again when it is right',
  (_, spoil, code) => {
    const heard: string[] = [];
    writeFileSync(file, 'users: {"dingtalk:a": operator}');
    const roles = loadRoles(file, false, [], (error, where) => heard.push(`${where} ${asAppError(error).code}`));
    spoil(file);
    expect([roles.of(person), roles.of(person)]).toEqual(['operator', 'operator']);
    expect(heard).toEqual([`roles ${code}`]);
    writeFileSync(file, 'users: {"dingtalk:a": none}');
    expect(roles.of(person)).toBe('none');
  },
);
