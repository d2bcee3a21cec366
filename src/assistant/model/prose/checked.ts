import { promptFile } from '../../../phrases.ts';
import { claimsUnshown } from './claims.ts';
import type { Evidence } from './evidence.ts';
import { figuresIn } from './figures.ts';
import { neutral } from './neutral.ts';

/** The longer lines of its instructions, which an answer never repeats. */
const instructions = promptFile('persona.md')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line.length >= 20);

/** A sentence that says something only together with the one before it. */
const leaning = /^(?:所以|因此|因而|这|那|它|其中|同时|另外|此外|而且|并且|也|还|请?放心|不用|无需|另|至于)/;
/** Too short to say anything by itself, and too short to be a line of the instructions. */
const shortest = { sentence: 4, instruction: 12 };

export interface Checked {
  text: string;
  /** The sentences that were left out. */
  dropped: string[];
}

/**
 * A model's words with only what may be said: plain text, none of its instructions, and no sentence with a figure or a state that
 * no tool has reported in this turn. What leans on a sentence that is left out goes with it.
 */
export function checked(words: string, evidence: Evidence): Checked {
  const dropped: string[] = [];
  const kept: string[] = [];
  let lost = false;
  for (const sentence of sentencesIn(neutral(words, (word) => evidence.knows(word)))) {
    const bare = sentence.trim();
    if (bare === '') {
      kept.push(sentence);
      continue;
    }
    const leans: boolean = lost && (leaning.test(bare) || bare.length < shortest.sentence);
    lost = leans || !mayBeSaid(bare, evidence);
    if (lost) dropped.push(bare);
    else kept.push(sentence);
  }
  return { text: kept.join('').trim(), dropped };
}

/**
 * Shows an answer while it is being written, as far as it can be judged: up to the end of a clause, and judged anew only when
 * another clause has ended.
 */
export function showing(evidence: Evidence, show: (text: string) => void): (words: string) => void {
  let judged = '';
  let text = '';
  return (words) => {
    const end = Math.max(...[...'，。！？；：,!?;\n'].map((mark) => words.lastIndexOf(mark)));
    const settled = words.slice(0, end + 1);
    if (settled !== judged) text = checked(settled, evidence).text;
    judged = settled;
    if (text !== '') show(text);
  };
}

function mayBeSaid(sentence: string, evidence: Evidence): boolean {
  if (
    instructions.some(
      (line) => line.includes(sentence.replace(/^[-·\d.、\s]+/, '')) && sentence.length >= shortest.instruction,
    )
  )
    return false;
  if (!evidence.bearsOut(sentence)) return false;
  const orders = [...figuresIn(sentence)].filter((figure) => figure.length > 5 && !/[.:%月]/.test(figure));
  return !claimsUnshown(sentence, evidence.shown, orders);
}

const sentencesIn = (text: string): string[] => text.match(/[^。！？!?；;\n]*(?:[。！？!?；;]+|\n|$)/g) ?? [];
