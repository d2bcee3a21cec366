import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readerFolder } from './lexicon.ts';

/** What a person does with a sentence, whatever it is about. */
export const acts = [
  'order',
  'request',
  'question',
  'statement',
  'refusal',
  'deferral',
  'condition',
  'hearsay',
  'smalltalk',
] as const;
export type Act = (typeof acts)[number];

/** What was learned from the corpus: two heads over the same features, small integers with a scale. */
export interface Learned {
  intents: readonly string[];
  acts: readonly Act[];
  /** Hashes of the features that are known, ascending; the row of weights of each is at the same place. */
  features: Uint32Array;
  /** Rows of `intents.length + acts.length` weights. */
  weights: Int8Array;
  bias: readonly number[];
  /** What one step of an integer weight is worth, of the intents and of the acts. */
  scales: readonly [number, number];
}

/** Names with how likely each is, the likeliest first; they add up to 1. */
export type Ranking<Name extends string = string> = readonly { name: Name; p: number }[];

export interface Scores {
  intents: Ranking;
  acts: Ranking<Act>;
}

/** e^x by repeated squaring: the same to the last bit on every machine, as Math.exp need not be. */
export function exp(x: number): number {
  if (x < -30) return 0;
  let power = 1 + x / 4096;
  for (let round = 0; round < 12; round++) power *= power;
  return power;
}

/** How much each of a sentence’s features counts, so that a long sentence is not surer than a short one. */
export const share = (features: number): number => 1 / Math.sqrt(features + 1);

/** Scores a clause by its features. Linear: the sum of the rows of all features that were seen in training. */
export class Scorer {
  readonly #learned: Learned;
  readonly #rows: Map<number, number>;

  constructor(learned: Learned) {
    this.#learned = learned;
    this.#rows = new Map([...learned.features].map((hash, row) => [hash, row]));
  }

  score(features: readonly number[]): Scores {
    const { intents, acts: names, weights, bias, scales } = this.#learned;
    const width = intents.length + names.length;
    const sums = new Float64Array(width);
    for (const hash of features) {
      const row = this.#rows.get(hash);
      if (row === undefined) continue;
      const start = row * width;
      for (let at = 0; at < width; at++) sums[at] = (sums[at] as number) + (weights[start + at] as number);
    }
    const part = share(features.length);
    const logit = (at: number): number =>
      (bias[at] as number) + (sums[at] as number) * part * scales[at < intents.length ? 0 : 1];
    return {
      intents: ranked(intents, (at) => logit(at)),
      acts: ranked(names, (at) => logit(intents.length + at)),
    };
  }
}

function ranked<Name extends string>(names: readonly Name[], logit: (at: number) => number): Ranking<Name> {
  const logits = names.map((_, at) => logit(at));
  const most = Math.max(...logits);
  const powers = logits.map((one) => exp(one - most));
  const total = powers.reduce((sum, one) => sum + one, 0);
  return names
    .map((name, at) => ({ name, p: (powers[at] as number) / total }))
    .sort((a, b) => b.p - a.p || (a.name < b.name ? -1 : 1));
}

export const modelFile = join(readerFolder, 'reader.model');

/** A line of JSON with the names and scales, then the hashes (little-endian, four bytes each), then the weights (a byte each). */
export function packed(learned: Learned): Uint8Array {
  const { features, weights, ...head } = learned;
  const line = new TextEncoder().encode(`${JSON.stringify({ ...head, rows: features.length })}\n`);
  const bytes = new Uint8Array(line.length + features.length * 4 + weights.length);
  bytes.set(line);
  const view = new DataView(bytes.buffer);
  features.forEach((hash, at) => {
    view.setUint32(line.length + at * 4, hash, true);
  });
  bytes.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.length), line.length + features.length * 4);
  return bytes;
}

export function unpacked(bytes: Uint8Array): Learned {
  const end = bytes.indexOf(10) + 1;
  const { rows, ...head } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as Omit<
    Learned,
    'features' | 'weights'
  > & { rows: number };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const features = Uint32Array.from({ length: rows }, (_, at) => view.getUint32(end + at * 4, true));
  return { ...head, features, weights: new Int8Array(bytes.buffer, bytes.byteOffset + end + rows * 4) };
}

/** The scorer of the committed model file. */
export const openScorer = (): Scorer => new Scorer(unpacked(readFileSync(modelFile)));
