import { expect, test } from 'vitest';
import { type Cause, remedyOf } from '../../src/alerts/remedies.ts';
import { understand } from '../../src/assistant/language/understand.ts';
import { loadTools } from '../../src/assistant/tools/load.ts';
import { failureCategories } from '../../src/errors.ts';
import { phrase } from '../../src/phrases.ts';

const tools = await loadTools();
const details: Record<string, Cause['details']> = {
  value_map_missing: [
    { map: 'shop_to_customer', key: '10037' },
    { map: 'shop_to_customer', key: '10037' },
  ],
  period_closed: [{ closed: '2026-10-31' }, { closed: '2026-09-30' }],
};
const remedy = (category: string, given = details[category] ?? []) =>
  remedyOf({ pipeline: 'p', category, subjects: ['A-1'], details: given });

test.each(failureCategories)(
  '%s: every button is a tool with arguments it takes, and its words are understood as it',
  (category) => {
    const { retry, buttons, form } = remedy(category);
    for (const { action, say } of [retry, ...buttons, ...(form ? [form.submit] : [])]) {
      const tool = tools.get(action.name);
      const filled = action === form?.submit.action ? { target: 'CUST0007' } : {};
      expect(tool?.parameters.safeParse({ ...action.args, ...filled }).error).toBeUndefined();
      const text = say.replace(phrase('remedies.form.code'), 'CUST0007');
      const { intent, slots } = understand({ text, now: '2026-11-24T15:00:00+08:00' });
      expect(Object.keys(tool?.answers ?? {}), text).toContain(intent);
      if (action.args.category) expect(slots.errorKind, text).toBe(category);
    }
  },
);

test('the day to move to is the one after the latest closing day that 金蝶 has named', () => {
  expect(remedy('period_closed').buttons[0]).toMatchObject({
    label: '改到 11-01 记账',
    action: { name: 'move-date', args: { day: '2026-11-01' } },
  });
});

test('a closing day that nobody has named is asked for, not guessed', () => {
  const { buttons, fields } = remedy('period_closed', [{}]);
  expect(buttons.map(({ label }) => label)).toEqual(['等反关账']);
  expect(fields[0]?.value).toContain('金蝶没有说关到哪天');
});

test('several shops without a customer: a choice of them', () => {
  const keys = ['10037', '10038'].map((key) => ({ map: 'shop_to_customer', key }));
  const { form } = remedy('value_map_missing', keys);
  expect(form?.fields.map(({ name, options }) => [name, options?.length])).toEqual([
    ['source', 2],
    ['target', undefined],
  ]);
  expect(form?.submit.action.args).not.toHaveProperty('source');
});

test('the same shortage of several orders is said once, with how many', () => {
  const short = { what: 'A-1 在仓库 CK001 缺 2' };
  expect(remedy('negative_stock', [short, short, { what: 'B' }]).fields.map(({ value }) => value)).toEqual([
    'A-1 在仓库 CK001 缺 2 × 2 单',
    'B',
  ]);
});
