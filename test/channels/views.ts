import type { Block, Button, Card, FormField } from '../../src/channels/message.ts';

/**
 * What a platform gets, read back into a card, so that the page's card view can show how it looks there. What the platforms do not
 * keep (what a button does) is not there.
 */

type Json = Record<string, unknown>;
const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const textIn = (value: unknown): string => String((value as Json | undefined)?.content ?? '');
const press = (label: string, style: unknown): Button => ({
  label,
  style: style === 'primary' || style === 'danger' ? style : 'default',
  action: { name: '', args: {} },
  say: '',
});

/** Markdown as the words it shows. */
const shown = (markdown: string): string =>
  markdown
    .replace(/<\/?font[^>]*>/g, '')
    .replace(/(?<!\\)\*\*/g, '')
    .replace(/^- /gm, '· ')
    .replace(/(?<!\\)\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\\(.)/g, '$1');

const tones: Readonly<Record<string, Card['tone']>> = { blue: 'neutral', green: 'good', orange: 'warn', red: 'bad' };

/** Feishu's card JSON 2.0. */
export function ofFeishu(json: object): Card {
  const { header, body } = json as { header: { title: Json; template: string }; body: { elements: Json[] } };
  const card: Card = {
    id: 'feishu',
    title: textIn(header.title),
    tone: tones[header.template] ?? 'neutral',
    blocks: [],
    buttons: [],
  };
  for (const element of body.elements) {
    if (element.tag === 'form') card.form = formOf(list(element.elements));
    else if (element.tag === 'column_set' && buttonsOf(element).length > 0) card.buttons.push(...buttonsOf(element));
    else if (String(element.content).startsWith("<font color='grey'>")) card.note = shown(String(element.content));
    else card.blocks.push(blockOf(element));
  }
  return card;
}

const inColumns = (element: Json): Json[] => list(element.columns).flatMap((column) => list(column.elements));
const buttonsOf = (element: Json): Button[] =>
  inColumns(element).flatMap(({ tag, text, type }) => (tag === 'button' ? [press(textIn(text), type)] : []));

function blockOf(element: Json): Block {
  if (element.tag === 'table') {
    const columns = list(element.columns);
    const rows = list(element.rows).map((row) => columns.map(({ name }) => String(row[String(name)] ?? '')));
    return { type: 'table', columns: columns.map((column) => String(column.display_name)), rows };
  }
  if (element.tag === 'chart') {
    const { type, title, data } = element.chart_spec as { type: 'bar' | 'line'; title: Json; data: { values: Json[] } };
    const [, name = '', unit = ''] = /^(.*)（(.*)）$/.exec(String(title.text)) ?? [];
    const labels = data.values.map(({ label }) => String(label));
    return {
      type: 'chart',
      kind: type,
      title: name,
      unit,
      labels,
      values: data.values.map(({ value }) => Number(value)),
    };
  }
  if (element.tag === 'column_set')
    return {
      type: 'counts',
      counts: inColumns(element).map(({ content }) => {
        const [value = '', label = ''] = shown(String(content)).split('\n');
        const tone = /'(\w+)'/.exec(String(content))?.[1] ?? 'blue';
        return { label, value: Number(value.replaceAll(',', '')), tone: tones[tone] ?? 'neutral' };
      }),
    };
  return { type: 'text', text: shown(String(element.content)) };
}

function formOf(elements: Json[]): NonNullable<Card['form']> {
  const button = elements.find(({ tag }) => tag === 'button');
  const fields = elements.flatMap(({ tag, name, label, placeholder, options }, index): FormField[] => {
    if (tag === 'input') return [{ name: String(name), label: textIn(label), placeholder: textIn(placeholder) }];
    if (tag !== 'select_static') return [];
    const choices = list(options).map(({ text, value }) => ({ label: textIn(text), value: String(value) }));
    return [{ name: String(name), label: String(elements[index - 1]?.content), options: choices }];
  });
  return { fields, submit: press(textIn(button?.text), button?.type) };
}

/** The variables of DingTalk's card template, placed as docs/dingtalk-card-template.md says. */
export function ofDingtalk(params: Readonly<Record<string, string>>): Card {
  const { title = '', tone = 'neutral', markdown = '', note = '', buttons = '[]', form = '' } = params;
  const named = (JSON.parse(form || '{"fields":[]}') as { fields: Json[] }).fields.map(
    ({ name, label, placeholder, options }): FormField => ({
      name: String(name),
      label: String(label),
      placeholder: String(placeholder),
      ...(options
        ? { options: list(options).map(({ value, text }) => ({ value: String(value), label: String(text) })) }
        : {}),
    }),
  );
  return {
    id: 'dingtalk',
    title,
    tone: tone as Card['tone'],
    blocks: shown(markdown)
      .split('\n\n')
      .map((text) => ({ type: 'text', text })),
    buttons: (JSON.parse(buttons) as Json[]).map(({ text, color }) =>
      press(String(text), color === 'blue' ? 'primary' : color === 'red' ? 'danger' : 'default'),
    ),
    note: shown(note),
    ...(form ? { form: { fields: named, submit: press(params.form_btn_text ?? '', 'primary') } } : {}),
  };
}
