/**
 * What Feishu's card JSON 2.0 takes, as far as we use it: it refuses unknown properties. From the vendor's component pages
 * (open.feishu.cn/document/feishu-cards/card-json-v2-components) and its limits.
 */
const known: Readonly<Record<string, readonly string[]>> = {
  markdown: ['content', 'text_align', 'text_size', 'element_id', 'margin', 'icon'],
  column_set: ['flex_mode', 'columns', 'horizontal_spacing', 'horizontal_align', 'background_style', 'margin'],
  column: ['width', 'weight', 'elements', 'vertical_align', 'vertical_spacing', 'padding', 'margin'],
  button: ['text', 'type', 'size', 'width', 'behaviors', 'name', 'form_action_type', 'confirm', 'disabled', 'icon'],
  table: ['columns', 'rows', 'page_size', 'row_height', 'header_style', 'margin'],
  chart: ['chart_spec', 'aspect_ratio', 'height', 'color_theme', 'preview', 'margin'],
  form: ['name', 'elements', 'direction', 'vertical_spacing', 'padding', 'margin'],
  input: [
    'name',
    'required',
    'placeholder',
    'default_value',
    'width',
    'max_length',
    'input_type',
    'label',
    'label_position',
  ],
  select_static: ['name', 'required', 'placeholder', 'width', 'options', 'initial_option', 'type'],
  hr: ['margin'],
  plain_text: ['content'],
};
const onlyAtRoot = ['table', 'form'];
const maxBytes = 30 * 1024;
const headerColors = 'blue wathet turquoise green yellow orange red carmine violet purple indigo grey default'.split(
  ' ',
);

type Element = Record<string, unknown> & { tag?: string };

/** All that Feishu would refuse in a card, in words. */
export function problemsOf(card: unknown): string[] {
  const problems: string[] = [];
  const names: string[] = [];
  const counts: Record<string, number> = {};
  const inside = (value: unknown): Element[] => (Array.isArray(value) ? (value as Element[]) : []);
  const look = (element: Element, where: readonly string[]): void => {
    const { tag = '', ...properties } = element;
    const allowed = known[tag];
    if (!allowed) {
      problems.push(`${[...where, tag].join('/')}: unknown tag`);
      return;
    }
    counts[tag] = (counts[tag] ?? 0) + 1;
    for (const property of Object.keys(properties))
      if (!allowed.includes(property)) problems.push(`${tag}.${property}: unknown property`);
    if (onlyAtRoot.includes(tag) && where.length > 0) problems.push(`${tag} inside ${where.join('/')}`);
    if (where.includes('form') && ['input', 'select_static', 'button'].includes(tag) && !element.name)
      problems.push(`${tag} in a form without a name`);
    if (typeof element.name === 'string' && tag !== 'table') names.push(element.name);
    for (const behavior of inside(element.behaviors))
      if (behavior.type === 'callback' && (typeof behavior.value !== 'object' || behavior.value === null))
        problems.push('a callback value that is no object');
    if (tag === 'table' && (Number(element.page_size) < 1 || Number(element.page_size) > 10))
      problems.push(`page_size ${element.page_size}`);
    const values = inside(element.options).map(({ value }) => value);
    if (new Set(values).size < values.length) problems.push('two options of one value');
    if (tag === 'form' && !inside(element.elements).some(({ form_action_type: type }) => type === 'submit'))
      problems.push('a form without a submit button');
    for (const child of [...inside(element.elements), ...(tag === 'column_set' ? inside(element.columns) : [])])
      look(child, [...where, tag]);
    for (const text of [element.text, element.label, element.placeholder])
      if (text) look(text as Element, [...where, tag]);
  };
  const { schema, config, header, body, ...rest } = card as Record<string, Element>;
  for (const property of Object.keys(rest)) problems.push(`card.${property}: unknown property`);
  if ((schema as unknown) !== '2.0') problems.push('schema');
  if (config?.update_multi !== true) problems.push('config.update_multi');
  if (!headerColors.includes(String(header?.template))) problems.push(`header.template ${header?.template}`);
  for (const element of inside(body?.elements)) look(element, []);
  if (new Set(names).size < names.length) problems.push(`names that are not unique: ${names.join(' ')}`);
  for (const tag of ['table', 'chart']) if ((counts[tag] ?? 0) > 5) problems.push(`${counts[tag]} of ${tag}`);
  if (Buffer.byteLength(JSON.stringify(card)) > maxBytes) problems.push('more than 30 KB');
  return problems;
}
