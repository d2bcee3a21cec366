import { type Intent, intents, notCommands } from './lexicon.ts';

/** Words that refuse. */
export const negation = notCommands[0].words;

export const clausesOf = (sentence: string): string[] =>
  sentence.split(/[,，。;；!！\n]+/).filter((clause) => clause.trim() !== '');

/** Whether the last clause takes back what was said before it: 「同步昨天的，算了」. */
export function takenBack(sentence: string): boolean {
  const [, ...later] = clausesOf(sentence);
  return /^(?:还是|那就?|那)?(?:算了|(?:先)?不用了?$|(?:先)?不(?:同步|推|撤|写|传|重试|改)了$)/.test(
    later.at(-1)?.trim() ?? '',
  );
}

/** The first intent whose words stand in a sentence. */
export function intentOf(sentence: string): Intent {
  return intents.find(({ words }) => words.test(sentence))?.intent ?? 'unknown';
}
