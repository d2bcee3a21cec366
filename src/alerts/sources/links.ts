import { phrase } from '../../phrases.ts';
import { type Condition, condition, type Surroundings } from '../condition.ts';

/** Chat platforms that cannot be reached. */
export async function downChannels({ channels }: Surroundings): Promise<Condition[]> {
  return channels
    .filter(({ up }) => !up)
    .map(({ name }) =>
      condition('', `channel_down_${name}`, {
        count: 1,
        unit: 'none',
        message: phrase('alerts.channel_down.message', { name: phrase(`alerts.channel.${name}`) }),
        next: phrase('alerts.channel_down.next'),
      }),
    );
}
