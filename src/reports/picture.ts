import { fileURLToPath } from 'node:url';
import { renderAsync } from '@resvg/resvg-js';
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Block } from '../channels/message.ts';

export type Chart = Extract<Block, { type: 'chart' }>;

use([BarChart, LineChart, GridComponent, TitleComponent, SVGRenderer]);

// Servers seldom have a font with Chinese glyphs.
const family = 'Noto Sans SC';
const fontFile = fileURLToPath(
  import.meta.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
);
const width = 640;
const colors = { ink: '#17241f', soft: '#5d6d66', line: '#dde5e0', brand: '#0e7a5f', fill: '#0e7a5f24' };

/** A chart as a PNG of 1280 pixels' width, for where charts cannot be drawn. */
export async function chartPicture(chart: Chart): Promise<Buffer> {
  const height = chart.kind === 'bar' ? 84 + chart.labels.length * 36 : 320;
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width, height });
  drawing.setOption(chart.kind === 'bar' ? barOption(chart) : lineOption(chart));
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  const picture = await renderAsync(svg, {
    background: '#ffffff',
    fitTo: { mode: 'width', value: width * 2 },
    font: { fontFiles: [fontFile], loadSystemFonts: false, defaultFontFamily: family },
  });
  return picture.asPng();
}

const common = ({ title, unit }: Chart): EChartsCoreOption => ({
  animation: false,
  textStyle: { fontFamily: family, fontSize: 14, color: colors.ink },
  title: {
    text: `${title}（${unit}）`,
    left: 20,
    top: 16,
    textStyle: { fontFamily: family, fontSize: 16, fontWeight: 'normal', color: colors.ink },
  },
});
const names = (labels: string[]): EChartsCoreOption => ({
  type: 'category',
  data: labels,
  axisTick: { show: false },
  axisLine: { lineStyle: { color: colors.line } },
  axisLabel: { color: colors.soft, fontSize: 14, width: 170, overflow: 'truncate' },
});
const figure = {
  show: true,
  color: colors.ink,
  fontSize: 14,
  formatter: ({ value }: { value: unknown }): string => Number(value).toLocaleString('zh-CN'),
};
/** The frame holds the names beside the axes, too. */
const withLabels = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' };

/** The largest on top, each with its figure. */
function barOption(chart: Chart): EChartsCoreOption {
  return {
    ...common(chart),
    grid: { left: 20, right: 72, top: 56, bottom: 16, ...withLabels },
    xAxis: { type: 'value', show: false },
    yAxis: { ...names(chart.labels), inverse: true },
    series: [
      {
        type: 'bar',
        data: chart.values,
        barWidth: 18,
        itemStyle: { color: colors.brand, borderRadius: 3 },
        label: { ...figure, position: 'right' },
      },
    ],
  };
}

function lineOption(chart: Chart): EChartsCoreOption {
  return {
    ...common(chart),
    grid: { left: 20, right: 32, top: 72, bottom: 16, ...withLabels },
    xAxis: { ...names(chart.labels), boundaryGap: false },
    yAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: { color: colors.soft, fontSize: 13 },
      splitLine: { lineStyle: { color: colors.line } },
    },
    series: [
      {
        type: 'line',
        data: chart.values,
        symbolSize: 7,
        lineStyle: { color: colors.brand, width: 2 },
        itemStyle: { color: colors.brand },
        areaStyle: { color: colors.fill },
        label: { ...figure, show: chart.values.length <= 10, position: 'top' },
      },
    ],
  };
}
