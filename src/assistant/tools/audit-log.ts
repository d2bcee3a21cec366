import { z } from 'zod';
import { hasPhrase, phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { windowArgs, windowOf } from './arguments.ts';
import { defineTool, said, take } from './tool.ts';

const shown = 20;

/** Who did what, and what came of it. */
export const auditLog = defineTool({
  name: 'audit-log',
  least: 'operator',
  writes: false,
  parameters: z.strictObject({ ...windowArgs }),
  answers: { audit_log: (slots) => take(slots, 'start', 'end') },
  async run(args, { audit }) {
    const entries = await audit.entries(windowOf(args) ?? null, shown);
    if (entries.length === 0) return said(phrase('replies.audit.none'));
    const title = phrase('replies.audit.title', { count: entries.length });
    return {
      action: 'reply',
      reply: {
        text: title,
        card: {
          id: 'audit',
          title,
          tone: 'neutral',
          blocks: [
            {
              type: 'table',
              columns: ['at', 'who', 'what', 'outcome'].map((column) => phrase(`replies.audit.column.${column}`)),
              rows: entries.map(({ at, person, tool, decision, outcome }) => [
                toWall(at).slice(5, 16),
                person,
                hasPhrase(`tools.${tool}`) ? phrase(`tools.${tool}`) : tool,
                outcome === 'ok' ? phrase(`replies.audit.${decision}`) : phrase('replies.audit.not_done', { outcome }),
              ]),
            },
          ],
          buttons: [],
        },
      },
    };
  },
});
