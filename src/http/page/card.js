// Draws the neutral cards of channels/message.ts. All text goes in as text: it may hold a stranger's order note.
import { drawChart } from './chart.js';
import { make } from './make.js';

const blocks = {
  text: (block) => make('p', 'text', block.text),
  link({ text, path }) {
    // Only ever a path of our own.
    const own = /^\/api\//.test(path);
    const link = make(own ? 'a' : 'p', 'file', text);
    if (own) link.href = path;
    return link;
  },
  fields(block) {
    const list = make('dl', 'fields');
    for (const { label, name, value } of block.fields)
      list.append(make('dt', '', label), make('dd', '', name ? `${name} ${value}` : value));
    return list;
  },
  counts(block) {
    const row = make('div', `counts of-${block.counts.length}`);
    for (const { label, value, tone } of block.counts) {
      const cell = make('div', `count ${tone}`);
      cell.append(make('b', '', value.toLocaleString('zh-CN')), make('span', '', label));
      row.append(cell);
    }
    return row;
  },
  progress(block) {
    const box = make('div', 'progress');
    const bar = make('progress');
    if (block.total) Object.assign(bar, { max: block.total, value: block.done });
    box.append(bar, make('p', 'text', block.text));
    return box;
  },
  table(block, words) {
    const box = make('div', 'scroll');
    // Where a phone has no room for that many columns, or for a sentence in one, a row is a list.
    const wide = block.columns.length > 3 || block.rows.flat().some((text) => text.length > 20);
    const table = make('table', wide ? 'wide' : '');
    const head = table.createTHead().insertRow();
    for (const column of block.columns) head.append(make('th', '', column));
    const body = table.createTBody();
    for (const cells of block.rows) {
      const row = body.insertRow();
      for (const [index, text] of cells.entries()) {
        const cell = make('td', '', text);
        cell.dataset.label = block.columns[index] ?? '';
        row.append(cell);
      }
    }
    box.append(table);
    if (block.omitted) box.append(make('p', 'omitted', words['channel.omitted'].replace('{count}', block.omitted)));
    return box;
  },
  chart: drawChart,
};

/** One press is answered before the next; a yes or a no is said for good. */
async function pressOnce(controls, button, press) {
  for (const control of controls) control.disabled = true;
  await press(button);
  if (['confirm', 'reject'].includes(button.action.name)) return;
  for (const control of controls) control.disabled = false;
}

function drawForm({ fields, submit }, press) {
  const node = make('form', 'fill');
  for (const { name, label, placeholder = '', options } of fields) {
    const row = make('label', '', label);
    const control = make(options ? 'select' : 'input');
    Object.assign(control, { name, required: true });
    if (!options) Object.assign(control, { placeholder, maxLength: 500, autocomplete: 'off' });
    for (const option of options ?? []) control.append(new Option(option.label, option.value));
    row.append(control);
    node.append(row);
  }
  const button = make('button', submit.style, submit.label);
  button.type = 'submit';
  node.append(button);
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    const filled = Object.fromEntries(new FormData(node));
    const { name, args } = submit.action;
    const label = `${submit.label}：${Object.values(filled).join('、')}`;
    pressOnce(node.elements, { label, action: { name, args: { ...args, ...filled } } }, press);
  });
  return node;
}

/** @param {object} card @param {(button: object) => void} press @param {Record<string, string>} words the page's phrases */
export function drawCard(card, press, words) {
  const node = make('section', `card ${card.tone}`);
  node.append(make('h2', '', card.title));
  for (const block of card.blocks) node.append(blocks[block.type]?.(block, words) ?? make('p'));
  if (card.form) node.append(drawForm(card.form, press));
  if (card.buttons.length > 0) {
    const row = make('div', 'buttons');
    for (const button of card.buttons) {
      const control = make('button', button.style, button.label);
      control.type = 'button';
      control.addEventListener('click', () => {
        control.classList.add('pressed');
        pressOnce(row.children, button, press);
      });
      row.append(control);
    }
    node.append(row);
  }
  if (card.note) node.append(make('p', 'note', card.note));
  return node;
}
