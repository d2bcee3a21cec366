import type { Block } from '../message.ts';

/**
 * Figures as Feishu's `chart` element: a VChart description that is data alone, without functions. Bars lie, since names of shops are
 * long. A fixed height, for the platform's own ratio (1:1 on phones) makes three bars a poster.
 */
export function drawChart({
  kind,
  title,
  labels,
  values,
  unit,
}: Extract<Block, { type: 'chart' }>): Record<string, unknown> {
  const bars = kind === 'bar';
  return {
    tag: 'chart',
    height: bars ? `${72 + labels.length * 32}px` : '220px',
    chart_spec: {
      type: kind,
      title: { text: `${title}（${unit}）` },
      data: { values: labels.map((label, index) => ({ label, value: values[index] ?? 0 })) },
      ...(bars
        ? {
            direction: 'horizontal',
            xField: 'value',
            yField: 'label',
            axes: [
              { orient: 'left', type: 'band' },
              { orient: 'bottom', type: 'linear', visible: false },
            ],
          }
        : { xField: 'label', yField: 'value' }),
      label: { visible: bars || labels.length <= 12 },
    },
  };
}
