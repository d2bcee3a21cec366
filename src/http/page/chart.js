import { make } from './make.js';

const tall = 100;
/** Days that have room for a figure each. */
const few = 8;

/** Figures as bars, or as a line over time. Sizes are set by script, since the page's policy takes no styles out of markup. */
export function drawChart({ kind, title, labels, values, unit }) {
  const figure = make('figure', 'chart');
  figure.append(make('figcaption', '', `${title}（${unit}）`));
  const points = labels.map((label, index) => ({ label, value: values[index] ?? 0 }));
  const most = Math.max(1, ...values);
  figure.append(...(kind === 'bar' ? bars(points, most) : line(points, most)));
  return figure;
}

const written = (value) => value.toLocaleString('zh-CN');

function bars(points, most) {
  const rows = make('div', 'bars');
  for (const { label, value } of points) {
    const track = make('span', 'track');
    if (value > 0) {
      const fill = make('i');
      fill.style.width = `${(value / most) * 100}%`;
      track.append(fill);
    }
    rows.append(make('span', 'label', label), track, make('b', 'value', written(value)));
  }
  return [rows];
}

function line(points, most) {
  const svg = (tag, attributes) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  const places = points.map(({ value }, index) => [index + 0.5, tall - (value / most) * (tall - 6)]);
  const path = places.map((place) => place.join(' ')).join(' ');
  const [first, last] = [places[0]?.[0] ?? 0, places.at(-1)?.[0] ?? 0];
  const drawing = svg('svg', {
    viewBox: `0 0 ${points.length} ${tall}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  drawing.append(
    svg('polygon', { points: `${first} ${tall} ${path} ${last} ${tall}` }),
    svg('polyline', { points: path, 'vector-effect': 'non-scaling-stroke' }),
  );
  const axis = make('div', 'axis');
  const step = Math.ceil(points.length / few);
  for (const { label, value } of points.filter((_, index) => index % step === 0)) {
    const mark = make('span');
    mark.append(make('span', 'value', written(value)), make('span', 'label', label));
    axis.append(mark);
  }
  return [drawing, axis];
}
