import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { exportButton } from '../lists.ts';
import { defineTool, said } from './tool.ts';

/** The next page of what was listed last. */
export const more = defineTool({
  name: 'more',
  least: 'viewer',
  parameters: z.strictObject({}),
  answers: { more: () => ({}) },
  async run(_args, { memory, message, use }) {
    const { list } = await memory.recall(message);
    if (!list || list.total === 0) return said(phrase('list.nothing'), 'clarify');
    const { tool, args, offset, total } = list;
    if (offset < total) return await use(tool, { ...args, offset });
    const text = phrase('list.over', { total });
    return {
      action: 'reply',
      reply: { text, card: { id: 'list-over', title: text, tone: 'neutral', blocks: [], buttons: [exportButton()] } },
    };
  },
});
