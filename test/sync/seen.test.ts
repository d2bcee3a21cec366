import { expect, test } from 'vitest';
import { type Reads, seenUntil } from '../../src/sync/seen.ts';

const at = (text: string): Date => new Date(`2026-11-${text}:00+08:00`);
const day = at('20T00:00');
const read = (start: string, end: string, began: string) => ({ start: at(start), end: at(end), began: at(began) });
const reads = (windows: Reads['windows'], followed: Reads['followed'] = null): Reads => ({ windows, followed });

test.each<[string, Reads, string | null]>([
  ['read after it closed', reads([read('20T00:00', '21T00:00', '22T10:00')]), '22T10:00'],
  ['read while it was open', reads([read('20T00:00', '21T00:00', '20T15:00')]), null],
  [
    'read in two halves, known as of the older one',
    reads([read('20T00:00', '20T12:00', '21T08:00'), read('20T12:00', '22T00:00', '22T09:00')]),
    '21T08:00',
  ],
  [
    'read in halves with a gap',
    reads([read('20T00:00', '20T11:00', '21T08:00'), read('20T12:00', '21T00:00', '21T09:00')]),
    null,
  ],
  [
    'read twice, known as of the later one',
    reads([read('20T00:00', '21T00:00', '21T08:00'), read('19T00:00', '22T00:00', '23T08:00')]),
    '23T08:00',
  ],
  ['followed from before it began', reads([], { since: at('19T00:00'), until: at('23T10:00') }), '23T10:00'],
  ['followed, but not to its end', reads([], { since: at('19T00:00'), until: at('20T18:00') }), null],
  [
    'read, and followed since',
    reads([read('20T00:00', '21T00:00', '21T08:00')], { since: at('21T07:00'), until: at('23T10:00') }),
    '23T10:00',
  ],
])('a day that was %s', (_, known, until) =>
  expect(seenUntil(known, day, 0)).toEqual(until === null ? null : at(until)),
);

test('what came within the look-back is not taken as seen', () =>
  expect(seenUntil(reads([read('20T00:00', '21T00:00', '22T10:00')]), day, 1_200_000)).toEqual(at('22T09:40')));
