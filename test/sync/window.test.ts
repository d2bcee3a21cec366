import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayWindow, planSlices } from '../../src/sync/window.ts';

const now = new Date('2026-11-24T15:00:00+08:00');

test('slices cover a window with no gap and no overlap, none longer than allowed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 9 }),
      fc.integer({ min: 1, max: 10 ** 7 }),
      fc.integer({ min: 1, max: 7 }),
      (start, seconds, days) => {
        const from = new Date(start * 1000);
        const to = new Date((start + seconds) * 1000);
        const slices = planSlices(from, to, days);
        expect(slices[0]?.start).toEqual(from);
        expect(slices.at(-1)?.end).toEqual(to);
        for (const [index, slice] of slices.entries()) {
          expect(slice.end.getTime() - slice.start.getTime()).toBeLessThanOrEqual(days * 86_400_000);
          expect(slice.end > slice.start).toBe(true);
          if (index > 0) expect(slice.start).toEqual(slices[index - 1]?.end);
        }
      },
    ),
  );
});

test('31 days at 7 days a slice are 5 slices', () => {
  const { start, end } = dayWindow('2026-10-01', '2026-10-31', now);
  expect(planSlices(start, end, 7)).toHaveLength(5);
});

test.each([
  ['2026-09-31', '2026-09-31', 'window.no_such_day'],
  ['2026-11-5', '2026-11-06', 'window.no_such_day'],
  ['2026-11-06', '2026-11-05', 'window.reversed'],
  ['2026-11-25', '2026-11-25', 'window.future'],
])('%s to %s is refused', (from, to, code) => {
  expect(() => dayWindow(from, to, now)).toThrowError(expect.objectContaining({ code }));
});
