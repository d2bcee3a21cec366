import { type Intent, intents, notCommands } from './lexicon.ts';

/** Words that refuse. */
export const negation = notCommands[0].words;

export const clausesOf = (sentence: string): string[] =>
  sentence.split(/[,，。;；!！\n]+/).filter((clause) => clause.trim() !== '');

/** The first intent whose words stand in a sentence. */
export function intentOf(sentence: string): Intent {
  return intents.find(({ words }) => words.test(sentence))?.intent ?? 'unknown';
}
