import { z } from 'zod';
import { duration, someOf, windowLabel } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import { what } from '../cards/cards.ts';
import { questionCard } from '../cards/question.ts';
import { confirmationMinutes } from '../policy/confirmations.ts';
import { defineTool, said, type ToolContext } from './tool.ts';

/** Stops everything that writes to the target, at once and until it is released. */
export const stopWrites = defineTool({
  name: 'stop-writes',
  least: 'admin',
  parameters: z.strictObject({}),
  answers: { stop_writes: () => ({}) },
  async run(_args, { sync, message }) {
    const pulled = await sync.brake.pull(message.person);
    const text = phrase(pulled ? 'brake.pulled' : 'brake.pulled_already');
    return {
      action: 'run',
      reply: {
        text,
        card: {
          id: 'brake',
          title: text,
          tone: 'bad',
          blocks: [],
          buttons: [
            {
              label: phrase('brake.button.release'),
              style: 'default',
              action: { name: 'release-writes', args: {} },
              say: phrase('brake.say.release'),
            },
          ],
        },
      },
    };
  },
});

/** Lets writing go on, after a yes. What was stopped half-way is named, and begins when somebody says it again. */
export const releaseWrites = defineTool({
  name: 'release-writes',
  least: 'admin',
  asks: true,
  parameters: z.strictObject({}),
  answers: { release_writes: () => ({}) },
  async run(_args, context) {
    const { sync, message, confirmed, confirmations, now } = context;
    if (!(await sync.brake.held())) return said(phrase('brake.not_held'));
    if (!confirmed) {
      const id = await confirmations.ask(message, 'release-writes', {});
      const text = phrase('brake.confirm_release', { minutes: confirmationMinutes });
      return { action: 'confirm', reply: { text, card: questionCard(id, phrase('brake.release_title')) } };
    }
    const released = await sync.brake.release(message.person);
    if (!released) return said(phrase('brake.not_held'));
    const time = duration(now().getTime() - released.at.getTime());
    return said(`${phrase('brake.released', { time })}${await stoppedSince(released.at, context)}`, 'run');
  },
});

const shown = 3;

/** The runs that the brake ended half-way. */
async function stoppedSince(at: Date, { sync }: ToolContext): Promise<string> {
  const runs = await sync.runs.braked(at);
  const names = runs.map((run) => what(run, windowLabel));
  return runs.length === 0 ? '' : phrase('brake.stopped', { count: runs.length, runs: someOf(names, shown) });
}
