import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { linkMinutes } from '../policy/logins.ts';
import { defineTool, said } from './tool.ts';

/**
 * A link that lets whoever asks onto the page, once. It is said where nobody else reads it: in private, or on the command line,
 * which may ask for a name of the page (`as`).
 */
export const pageLogin = defineTool({
  name: 'page-login',
  least: 'viewer',
  parameters: z.strictObject({
    as: z
      .string()
      .regex(/^[^:\s]{1,40}$/)
      .optional(),
  }),
  answers: { page_login: () => ({}) },
  async run({ as }, { logins, message, pageUrl, trigger }) {
    if (trigger === 'cli') {
      const person = as ? `web:${as}` : message.person;
      const link = `${pageUrl()}/login/${await logins.issue(person)}`;
      return said(phrase('replies.login.link', { link, person, minutes: linkMinutes }), 'run');
    }
    if (!message.private) return said(phrase('replies.login.in_private'));
    // On a card: the words of an answer are remembered, and a model may read them.
    return {
      action: 'run',
      reply: {
        text: phrase('replies.login.on_card', { minutes: linkMinutes }),
        card: {
          id: 'page-login',
          title: phrase('replies.login.title'),
          tone: 'neutral',
          blocks: [
            {
              type: 'link',
              text: phrase('replies.login.open'),
              path: `${pageUrl()}/login/${await logins.issue(message.person)}`,
            },
          ],
          buttons: [],
          note: phrase('replies.login.note', { minutes: linkMinutes }),
        },
      },
    };
  },
});
