import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { questionCard } from '../cards/question.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { defineTool, said, take } from './tool.ts';

/** Takes a change of a value map back: the one a button names at once, the latest after a yes to what it was. */
export const undoMasterData = defineTool({
  name: 'undo-master-data',
  least: 'admin',
  asks: true,
  target: false,
  parameters: z.strictObject({ version: z.coerce.number().int().optional(), source: z.string().optional() }),
  answers: { undo_master_data: (slots) => take(slots, 'source') },
  async run({ version, source: named }, { settings, message, confirmed, mustConfirm, confirmations }) {
    const change = await settings.undoable({ id: version, source: named });
    if (!change) return said(phrase('replies.map.nothing_to_undo'));
    const { id, map, source, target, before } = change;
    const label = phrase(`replies.map.${map}`);
    const nothing = phrase('cards.map.nothing');
    if (!confirmed && (mustConfirm || version === undefined)) {
      const words = { label, source, target: target ?? nothing, before: before ?? nothing };
      const asked = await confirmations.ask(message, 'undo-master-data', { version: id });
      const title = phrase('cards.map.undo_title', words);
      return {
        action: 'confirm',
        reply: {
          text: phrase('replies.map.confirm_undo', { title, minutes: confirmationMinutes }),
          card: questionCard(asked, title),
        },
      };
    }
    await settings.undo(change, message.person);
    const now = settings.maps.get(map, source);
    const text = now
      ? phrase('replies.map.undone', { label, source, target: now })
      : phrase('replies.map.undone_to_nothing', { label, source });
    return { ...said(text, 'run'), change: { map, source, before: target, after: now ?? null } };
  },
});
