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
  /** Hashes of the features that are known, ascending. */
  features: Uint32Array;
  /** How many weights each feature has; those that are nothing are left out. */
  counts: Uint8Array;
  /** Of each weight, one feature after the other: whose it is (an intent, or behind them an act), and what it is. */
  columns: Uint8Array;
  weights: Int8Array;
  bias: readonly number[];
  /** What one step of an integer weight is worth, of the intents and of the acts. */
  scales: readonly [number, number];
}

/** Names with how likely each is, the likeliest first; what is hardly possible is left out. */
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

/** What is less likely than this is not thought of. */
const least = 0.001;

/** Scores a clause by its features. Linear: the sum of the weights of all features that were seen in training. */
export class Scorer {
  readonly #learned: Learned;
  readonly #places: Places;
  /** Where the weights of each feature begin. */
  readonly #starts: Uint32Array;
  readonly #sums: Int32Array;

  constructor(learned: Learned) {
    const { features, counts, intents, acts: names } = learned;
    this.#learned = learned;
    this.#places = new Places(features);
    this.#starts = new Uint32Array(features.length + 1);
    for (let row = 0; row < features.length; row++)
      this.#starts[row + 1] = (this.#starts[row] as number) + (counts[row] as number);
    this.#sums = new Int32Array(intents.length + names.length);
  }

  score(features: readonly number[]): Scores {
    const { intents, acts: names, columns, weights, bias, scales } = this.#learned;
    const sums = this.#sums.fill(0);
    for (const hash of features) {
      const row = this.#places.of(hash);
      if (row < 0) continue;
      const end = this.#starts[row + 1] as number;
      for (let at = this.#starts[row] as number; at < end; at++) {
        const column = columns[at] as number;
        sums[column] = (sums[column] as number) + (weights[at] as number);
      }
    }
    const part = share(features.length);
    const logit = (at: number): number =>
      (bias[at] as number) + (sums[at] as number) * part * scales[at < intents.length ? 0 : 1];
    return { intents: ranked(intents, logit, 0), acts: ranked(names, logit, intents.length) };
  }
}

/** Where a hash stands in a list, by open addressing: a sentence asks for a hundred of them. */
class Places {
  readonly #hashes: Uint32Array;
  readonly #slots: Uint32Array;

  constructor(hashes: Uint32Array) {
    this.#hashes = hashes;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(hashes.length * 2 + 2)));
    for (const [row, hash] of hashes.entries()) {
      let slot = hash & (this.#slots.length - 1);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = row + 1;
    }
  }

  /** -1 where it does not. */
  of(hash: number): number {
    const slots = this.#slots;
    for (let slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const row = (slots[slot] as number) - 1;
      if (row < 0 || this.#hashes[row] === hash) return row;
    }
  }
}

function ranked<Name extends string>(
  names: readonly Name[],
  logit: (at: number) => number,
  from: number,
): Ranking<Name> {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < names.length; at++) most = Math.max(most, logit(from + at));
  const powers = new Float64Array(names.length);
  let total = 0;
  for (let at = 0; at < names.length; at++) {
    powers[at] = exp(logit(from + at) - most);
    total += powers[at] as number;
  }
  const found: { name: Name; p: number }[] = [];
  for (let at = 0; at < names.length; at++) {
    const p = (powers[at] as number) / total;
    if (p >= least) found.push({ name: names[at] as Name, p });
  }
  return found.sort((a, b) => b.p - a.p || (a.name < b.name ? -1 : 1));
}

export const modelFile = join(readerFolder, 'reader.model');

/** A line of JSON with the names and scales; then hashes (little-endian, four bytes each), counts, columns and weights (a byte each). */
export function packed({ features, counts, columns, weights, ...head }: Learned): Uint8Array {
  const sizes = { rows: features.length, entries: weights.length };
  const line = new TextEncoder().encode(`${JSON.stringify({ ...head, ...sizes })}\n`);
  const bytes = new Uint8Array(line.length + features.length * 5 + weights.length * 2);
  bytes.set(line);
  const view = new DataView(bytes.buffer);
  for (const [at, hash] of features.entries()) view.setUint32(line.length + at * 4, hash, true);
  const end = line.length + features.length * 4;
  bytes.set(counts, end);
  bytes.set(columns, end + counts.length);
  bytes.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.length), end + counts.length + columns.length);
  return bytes;
}

export function unpacked(bytes: Uint8Array): Learned {
  const from = bytes.indexOf(10) + 1;
  const { rows, entries, ...head } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, from))) as Omit<
    Learned,
    'features' | 'counts' | 'columns' | 'weights'
  > & { rows: number; entries: number };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const features = Uint32Array.from({ length: rows }, (_, at) => view.getUint32(from + at * 4, true));
  const counted = from + rows * 4;
  const listed = counted + rows;
  return {
    ...head,
    features,
    counts: bytes.subarray(counted, listed),
    columns: bytes.subarray(listed, listed + entries),
    weights: new Int8Array(bytes.buffer, bytes.byteOffset + listed + entries, entries),
  };
}

/** The scorer of the committed model file. */
export const openScorer = (): Scorer => new Scorer(unpacked(readFileSync(modelFile)));
