import { expect, test } from 'vitest';
import { filledIn, submitted } from '../../src/channels/form.ts';
import { cards } from './cards.ts';

test.each([
  ['texts', { target: ' C1 ' }, { target: 'C1' }],
  ['a choice as an object', { map: { index: 1, value: 'shop' } }, { map: 'shop' }],
  ['nothing that is no text', { a: 1, b: null, c: ['x'], d: {}, e: '  ' }, {}],
  ['no form at all', undefined, {}],
  ['at most 500 characters', { target: 'x'.repeat(9000) }, { target: 'x'.repeat(500) }],
  ['cut at a character, never inside one', { target: '😀'.repeat(501) }, { target: '😀'.repeat(500) }],
])('what a platform says was filled in: %s', (_, values, texts) => expect(filledIn(values)).toEqual(texts));

test('only declared fields join the arguments, and none replaces what the button says', () => {
  const filled = { target: 'C1', source: '99', ['__proto__']: 'x', evil: 'x' };
  expect(submitted(cards.form.form, filled)).toEqual({
    name: 'set-master-data',
    args: { source: '10037', target: 'C1' },
  });
  expect(submitted(cards.form.form, {}).args).toEqual({ source: '10037' });
});
