import { readFileSync, writeFileSync } from 'node:fs';
import { type Line, readAsides, readCorpus } from '../assistant/language/corpus.ts';
import { learn, learnAsides, look } from '../assistant/language/learn.ts';
import { asidesFile, modelFile, packed, Scorer } from '../assistant/language/scorer.ts';
import { phrase } from '../phrases.ts';
import { options, print } from './ports.ts';

/** Each writer is held out once. */
const folds = 5;

/**
 * `train [--held-out | --verify]`: learns the scorer from the corpus and writes its file; then learns without a fifth of the writers and
 * says how theirs are read, which `--held-out` does for each fifth and writes nothing. `--verify` writes nothing, and ends with 1 where
 * the file is not what the corpus gives.
 */
export async function train(args: string[]): Promise<number> {
  const { 'held-out': heldOut, verify } = options(args, { 'held-out': 'boolean', verify: 'boolean' });
  const lines = readCorpus();
  if (heldOut) return measure(lines, folds);
  const learned = learn(lines);
  const bytes = packed(learned);
  const asides = packed(learnAsides(readAsides()));
  const figures = {
    lines: lines.length,
    writers: new Set(lines.map(({ by }) => by)).size,
    intents: learned.intents.length,
    features: learned.features.length,
    bytes: bytes.length,
  };
  if (verify) {
    const same = readFileSync(modelFile).equals(bytes) && readFileSync(asidesFile).equals(asides);
    print(phrase(`cli.train.${same ? 'same' : 'stale'}`, figures));
    return same ? 0 : 1;
  }
  writeFileSync(modelFile, bytes);
  writeFileSync(asidesFile, asides);
  print(phrase('cli.train.written', figures));
  return measure(lines, 1);
}

/** How the lines of writers are read who were not learned from, so many fifths of them. */
function measure(lines: readonly Line[], times: number): number {
  const writers = [...new Set(lines.map(({ by }) => by))].sort();
  const all = { lines: 0, intents: 0, acts: 0 };
  for (let fold = 0; fold < times; fold++) {
    const held = new Set(writers.filter((_, index) => index % folds === fold));
    const scorer = new Scorer(learn(lines.filter(({ by }) => !held.has(by))));
    const own = lines.filter(({ by }) => held.has(by));
    const scores = own.map(({ text }) => scorer.score(look(text)));
    const right = {
      lines: own.length,
      intents: own.filter(({ intent }, at) => scores[at]?.intents[0]?.name === intent).length,
      acts: own.filter(({ act }, at) => scores[at]?.acts[0]?.name === act).length,
    };
    for (const name of ['lines', 'intents', 'acts'] as const) all[name] += right[name];
    print(heldOutLine([...held].join('、'), right));
  }
  if (times > 1) print(heldOutLine(phrase('cli.train.all'), all));
  return 0;
}

const heldOutLine = (who: string, { lines, intents, acts }: { lines: number; intents: number; acts: number }): string =>
  phrase('cli.train.held_out', {
    who,
    lines,
    intents: ((100 * intents) / lines).toFixed(1),
    acts: ((100 * acts) / lines).toFixed(1),
  });
