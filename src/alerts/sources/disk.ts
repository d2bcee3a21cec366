import { statfs } from 'node:fs/promises';
import { phrase } from '../../phrases.ts';
import { type Condition, condition, type Surroundings } from '../condition.ts';

const fullShare = 0.05;

/** The disk under the store is nearly full. */
export async function disk({ dataDir }: Surroundings): Promise<Condition[]> {
  const { bavail, blocks } = await statfs(dataDir).catch(() => ({ bavail: 1, blocks: 1 }));
  if (bavail / blocks >= fullShare) return [];
  const share = Math.floor((bavail / blocks) * 100);
  return [
    condition('', 'disk_full', {
      count: 1,
      unit: 'none',
      message: phrase('alerts.disk_full.message', { share }),
      next: phrase('alerts.disk_full.next'),
    }),
  ];
}
