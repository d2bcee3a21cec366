import { personName, someOf } from '../../format.ts';
import { phrase } from '../../phrases.ts';
import type { Withdrawn } from '../../sync/run.ts';

/** Who has withdrawn these: 「张三、李四」. */
export const whoWithdrew = (withdrawn: readonly Withdrawn[]): string =>
  someOf([...new Set(withdrawn.map(({ person, name }) => personName(person, name)))], 3);

/** A sentence about what stays out because somebody has withdrawn it; empty where there is none. */
export function withdrawnIn(
  sentence: 'report' | 'confirm' | 'preview' | 'all' | 'retry' | 'resync' | 'reconcile',
  withdrawn: readonly Withdrawn[],
  words: Record<string, string> = {},
): string {
  if (withdrawn.length === 0) return '';
  const orders = someOf(
    withdrawn.map(({ key }) => key),
    3,
  );
  return phrase(`withdrawn.${sentence}`, { count: withdrawn.length, by: whoWithdrew(withdrawn), orders, ...words });
}
