import { expect, test } from 'vitest';
import { type Chart, chartPicture } from '../../src/reports/picture.ts';
import { cards } from '../channels/cards.ts';

const bars: Chart = { type: 'chart', kind: 'bar', title: '店铺', labels: ['天猫', '京东'], values: [3, 1], unit: '单' };

test.each(cards.chart.blocks.map((block) => [block.kind, block] as const))('a %s is a PNG', async (_, chart) => {
  const picture = await chartPicture(chart);
  expect(picture.subarray(1, 4).toString()).toBe('PNG');
  expect(picture.readUInt32BE(16)).toBe(1280);
  expect(picture.length).toBeLessThan(200_000);
});

test('Chinese glyphs are drawn: other words, another picture', async () => {
  const one = await chartPicture(bars);
  expect(await chartPicture(bars)).toEqual(one);
  expect(await chartPicture({ ...bars, labels: ['天猫', '抖音'] })).not.toEqual(one);
});
