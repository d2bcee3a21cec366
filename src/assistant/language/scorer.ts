import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashesOf, lookOf } from './features.ts';
import { readerFolder } from './lexicon.ts';
import type { Piece } from './piece.ts';

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

/** How likely a clause asks for something to be done. */
export const orderly = ({ acts }: Pick<Scores, 'acts'>): number =>
  acts.reduce((sum, { name, p }) => sum + (name === 'order' || name === 'request' ? p : 0), 0);

/** e^x by repeated squaring: the same to the last bit on every machine, as Math.exp need not be. */
export function exp(x: number): number {
  if (x < -30) return 0;
  let power = 1 + x / 4096;
  for (let round = 0; round < 12; round++) power *= power;
  return power;
}

/** How much each of a sentence’s features counts, so that a long sentence is not surer than a short one. */
export const share = (features: number): number => 1 / Math.sqrt(features + 1);

/** Clauses whose scores are kept. */
const mostKept = 4096;
/** What is less likely than this is not thought of, as long as so many are. */
const least = 0.001;
const fewest = 3;

/**
 * Scores a clause by its features. Linear: the sum of the weights of all features that were seen in training. A clause has a hundred
 * features, each somewhere else in memory; so what is looked at of each stands together: its hash with where its weights begin, and
 * each weight with whose it is.
 */
export class Scorer {
  readonly #learned: Learned;
  /** By open addressing: a hash, and the place of its weights times 128 plus how many they are; zeros where nothing stands. */
  readonly #table: Uint32Array;
  /** Whose it is times 256, plus the weight and 128. */
  readonly #entries: Uint16Array;
  readonly #sums: Int32Array;
  readonly #lately = new Map<string, Scores>();

  constructor(learned: Learned) {
    const { features, counts, columns, weights, intents, acts: names } = learned;
    this.#learned = learned;
    this.#sums = new Int32Array(intents.length + names.length);
    this.#entries = Uint16Array.from(weights, (weight, at) => (columns[at] as number) * 256 + weight + 128);
    this.#table = new Uint32Array(2 ** Math.ceil(Math.log2(features.length * 1.5 + 2)) * 2);
    const mask = this.#table.length / 2 - 1;
    let start = 0;
    for (const [row, hash] of features.entries()) {
      const count = counts[row] as number;
      let slot = hash & mask;
      while (this.#table[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
      this.#table.set([hash, start * 128 + count], slot * 2);
      start += count;
    }
  }

  /** The same clause with other days, numbers and names looks the same, and people say much the same all day. */
  clause(text: string, pieces: readonly Piece[]): Scores {
    const look = lookOf(text, pieces);
    const known = this.#lately.get(look.key);
    if (known) return known;
    const scores = this.score(hashesOf(look));
    if (this.#lately.size >= mostKept) this.#lately.clear();
    this.#lately.set(look.key, scores);
    return scores;
  }

  score(features: readonly number[]): Scores {
    const { intents, acts: names, bias, scales } = this.#learned;
    const [table, entries, sums] = [this.#table, this.#entries, this.#sums.fill(0)];
    const mask = table.length / 2 - 1;
    for (const hash of features) {
      let slot = hash & mask;
      while (table[slot * 2] !== hash && table[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
      const place = table[slot * 2 + 1] as number;
      const start = place >>> 7;
      const end = start + (place & 127);
      for (let at = start; at < end; at++) {
        const entry = entries[at] as number;
        const column = entry >>> 8;
        sums[column] = (sums[column] as number) + (entry & 255) - 128;
      }
    }
    const part = share(features.length);
    return {
      intents: ranked(intents, sums, bias, 0, part * scales[0]),
      acts: ranked(names, sums, bias, intents.length, part * scales[1]),
    };
  }
}

/** Shares of the names, from their sums of weights, each worth `step`. */
function ranked<Name extends string>(
  names: readonly Name[],
  sums: Int32Array,
  bias: readonly number[],
  from: number,
  step: number,
): Ranking<Name> {
  const powers = new Float64Array(names.length);
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < names.length; at++) {
    const logit = (bias[from + at] as number) + (sums[from + at] as number) * step;
    powers[at] = logit;
    if (logit > most) most = logit;
  }
  let total = 0;
  for (let at = 0; at < names.length; at++) {
    const power = exp((powers[at] as number) - most);
    powers[at] = power;
    total += power;
  }
  const found: { name: Name; p: number }[] = [];
  for (let at = 0; at < names.length; at++) {
    const p = (powers[at] as number) / total;
    if (p >= least) found.push({ name: names[at] as Name, p });
  }
  if (found.length < fewest)
    return names
      .map((name, at) => ({ name, p: (powers[at] as number) / total }))
      .sort(byLikelihood)
      .slice(0, fewest);
  return found.sort(byLikelihood);
}

const byLikelihood = (a: { name: string; p: number }, b: { name: string; p: number }): number =>
  b.p - a.p || (a.name < b.name ? -1 : 1);

export const modelFile = join(readerFolder, 'reader.model');
export const asidesFile = join(readerFolder, 'asides.model');

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

/** The scorer of a committed model file. */
export const openScorer = (file: string): Scorer => new Scorer(unpacked(readFileSync(file)));
