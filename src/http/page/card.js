// Draws the neutral cards of channels/message.ts. All text goes in as text: it may hold a stranger's order note.

/** @param {string} tag @param {string} [className] @param {string} [text] */
export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const blocks = {
  text: (block) => make('p', 'text', block.text),
  link(block) {
    const link = make('a', 'file', block.text);
    // Only ever a path of our own.
    if (/^\/api\//.test(block.path)) link.href = block.path;
    return link;
  },
  fields(block) {
    const list = make('dl', 'fields');
    for (const { label, value } of block.fields) list.append(make('dt', '', label), make('dd', '', value));
    return list;
  },
  counts(block) {
    const row = make('div', 'counts');
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
  table(block) {
    const table = make('table');
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
    return table;
  },
};

/** @param {object} card @param {(button: object) => void} press */
export function drawCard(card, press) {
  const node = make('section', `card ${card.tone}`);
  node.append(make('h2', '', card.title));
  for (const block of card.blocks) node.append(blocks[block.type]?.(block) ?? make('p'));
  if (card.buttons.length > 0) {
    const row = make('div', 'buttons');
    for (const button of card.buttons) {
      const control = make('button', button.style, button.label);
      control.type = 'button';
      control.addEventListener('click', () => {
        for (const other of row.children) other.disabled = true;
        control.classList.add('pressed');
        press(button);
      });
      row.append(control);
    }
    node.append(row);
  }
  if (card.note) node.append(make('p', 'note', card.note));
  return node;
}
