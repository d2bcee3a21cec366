import type { StepResult } from './connector.ts';

/**
 * A step over a batch. Those that were refused with it only because of another are tried once more without it; where nobody says
 * because of which, in halves.
 */
export async function apart<One>(
  items: readonly One[],
  act: (items: readonly One[]) => Promise<StepResult[]>,
): Promise<StepResult[]> {
  const results = await act(items);
  const rest = [...results.entries()].filter(([, result]) => !result.ok && result.apart).map(([index]) => index);
  if (rest.length === 0 || items.length === 1) return results;
  const half = Math.ceil(rest.length / 2);
  for (const some of rest.length < items.length ? [rest] : [rest.slice(0, half), rest.slice(half)]) {
    const again = await apart(
      some.map((index) => items[index] as One),
      act,
    );
    for (const [place, index] of some.entries()) results[index] = again[place] ?? (results[index] as StepResult);
  }
  return results;
}
