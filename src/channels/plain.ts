import { phrase } from '../phrases.ts';
import type { Block, Button, Card, Field } from './message.ts';

/** A card in words, for platforms and people without cards: markdown that reads well as plain text, too. */
export function inMarkdown(card: Card): string {
  const lines = [`**${escaped(card.title)}**`, ...card.blocks.map(blockInMarkdown)];
  if (card.buttons.length > 0) lines.push(card.buttons.map(sayLine).join('\n\n'));
  if (card.form) lines.push(sayLine(card.form.submit));
  if (card.note) lines.push(`> ${escaped(card.note)}`);
  return lines.filter((line) => line !== '').join('\n\n');
}

/** A field's value with the name it begins with. */
export const fieldText = ({ name, value }: Field): string => (name ? `${name} ${value}` : value);

/** A button in words, where none can be pressed. */
export const sayLine = ({ label, say }: Button): string =>
  phrase('channel.say', { label: escaped(label), say: escaped(say) });

const fullWidth: Readonly<Record<string, string>> = { '<': '＜', '>': '＞', '[': '［', ']': '］' };

/**
 * Text of strangers (a person, a model, an ERP) is never markup, whatever renders it: it mentions nobody, is no picture and no link.
 * What makes these is written in full width, since not every client knows a backslash before it; the rest of markdown is escaped.
 */
export function escaped(text: string): string {
  return text
    .replace(/[<>[\]]/g, (mark) => fullWidth[mark] ?? mark)
    .replaceAll('://', '：//')
    .replace(/\bwww\./gi, 'www．')
    .replace(/@(?=_|all\b)/gi, '＠')
    .replace(/([*_`])/g, '\\$1');
}

/** A beginning of it as plain text, for where a platform announces a message. */
export function announced(text: string, most: number): string {
  return withoutMarkdown(escaped(truncated(text, most)));
}

/** The same where there is no markdown, and a backslash would be read as one. */
export function withoutMarkdown(markdown: string): string {
  return markdown.replaceAll('**', '').replace(/\\([*_`])/g, '$1');
}

export function blockInMarkdown(block: Block): string {
  switch (block.type) {
    case 'text':
      return escaped(block.text);
    case 'link':
      return /^https?:/.test(block.path) ? `[${escaped(block.text)}](${block.path})` : escaped(block.text);
    case 'fields':
      return block.fields.map((field) => `- ${escaped(field.label)}：${escaped(fieldText(field))}`).join('\n');
    case 'counts':
      return block.counts
        .map(({ label, value }) => `${escaped(label)} **${value.toLocaleString('zh-CN')}**`)
        .join('　');
    case 'progress':
      return `${bar(block.done, block.total)}\n\n${escaped(block.text)}`;
    case 'table':
      return [
        ...block.rows.map((row) =>
          row.map((cell, index) => (index === 0 ? `- **${escaped(cell)}**` : escaped(cell))).join(' · '),
        ),
        ...(block.omitted ? [phrase('channel.omitted', { count: block.omitted })] : []),
      ].join('\n');
    case 'chart':
      return figuresInMarkdown(block);
  }
}

/** A chart in figures, each with a line as long as it is large. */
function figuresInMarkdown({ title, labels, values, unit }: Extract<Block, { type: 'chart' }>): string {
  const most = Math.max(1, ...values);
  const lines = labels.map((label, index) => {
    const value = values[index] ?? 0;
    const line = '▇'.repeat(Math.round((value / most) * 8));
    return `- ${escaped(label)}：${value.toLocaleString('zh-CN')} ${escaped(unit)} ${line}`.trimEnd();
  });
  return [`**${escaped(title)}**`, lines.join('\n')].join('\n\n');
}

/** `▓▓▓▓▓▓░░░░ 62%` */
export function bar(done: number, total: number | null): string {
  if (!total) return '';
  const share = Math.min(1, done / total);
  const full = Math.round(share * 10);
  return `${'▓'.repeat(full)}${'░'.repeat(10 - full)} ${Math.floor(share * 100)}%`;
}

/** Cut at a character, never inside one, with a word that there was more. */
export function truncated(text: string, max: number): string {
  const characters = [...text];
  if (characters.length <= max) return text;
  return `${characters.slice(0, max - 12).join('')}…${phrase('channel.cut')}`;
}
