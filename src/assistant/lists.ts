import type { Button, Reply } from '../channels/message.ts';
import { phrase } from '../phrases.ts';

/** Rows of a list that a person is shown at a time. */
export const pageRows = 20;

/** What was listed or figured last: by which tool, with which arguments, where what was not shown yet begins, and how many there are. */
export interface Listed {
  tool: string;
  args: Record<string, unknown>;
  offset: number;
  total: number;
}

/** 「第 21 至 37 条」; nothing where one page holds all. */
const pageLabel = (offset: number, rows: number, total: number): string =>
  rows < total ? phrase('list.page', { from: offset + 1, to: offset + rows, total }) : '';

/** A page as it is shown: which part of the list it is, and the way on. `next` is where the page after it begins. */
export function goingOn(reply: Reply, next: Listed, rows: number): Reply {
  const part = pageLabel(next.offset - rows, rows, next.total);
  const { text, card } = reply;
  if (!card || rows === 0) return reply;
  return {
    text: part ? `${text}${phrase(next.offset < next.total ? 'list.part' : 'list.last', { part })}` : text,
    card: {
      ...card,
      title: part ? phrase('list.title', { title: card.title, part }) : card.title,
      buttons: [...listButtons(next), ...card.buttons],
    },
  };
}

/** The way on under a list: its next page, and the whole of it as a file. */
function listButtons({ tool, args, offset, total }: Listed): Button[] {
  if (offset >= total) return [];
  const given = Object.entries({ ...args, offset }).filter(([, value]) => value !== undefined);
  return [
    {
      label: phrase('list.button.more', { left: total - offset }),
      style: 'default',
      action: { name: tool, args: Object.fromEntries(given.map(([name, value]) => [name, String(value)])) },
      say: phrase('list.say.more'),
    },
    exportButton(),
  ];
}

export const exportButton = (): Button => ({
  label: phrase('list.button.export'),
  style: 'default',
  action: { name: 'say', args: { text: phrase('list.say.export') } },
  say: phrase('list.say.export'),
});
