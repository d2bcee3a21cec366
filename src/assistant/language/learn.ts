import { asideExamples } from './asides.ts';
import type { Aside, Line } from './corpus.ts';
import { featuresOf } from './features.ts';
import { normalise } from './normalise.ts';
import { noNames, readPieces } from './pieces.ts';
import { type Act, acts, exp, type Learned, share } from './scorer.ts';

const epochs = 12;
/** A feature counts when at least so many lines have it. */
const least = 2;
/** The most bytes that features and weights take: those that weigh least over the corpus are left out. */
const mostBytes = 1_980_000;
/** Any day will do: a time is a mask to the scorer. */
const anyDay = '2026-10-20T14:10:00+08:00';

interface Example {
  rows: readonly number[];
  part: number;
  intent: number;
  act: number;
  /** How much it counts for the intents. */
  weight: number;
}

/** Features of a sentence as reading has them. */
export function look(text: string): number[] {
  const plain = normalise(text);
  return featuresOf(plain, readPieces(plain, anyDay, noNames).pieces);
}

/**
 * Learns both heads from labelled lines: softmax regression by stochastic gradient, in an order that a fixed seed gives. Nothing but
 * + - * / and square roots of doubles, so that the same lines give the same bytes on every machine.
 */
export const learn = (lines: readonly Line[]): Learned =>
  fitted(
    lines.map(({ text, intent, act }) => ({ features: look(text), intent, act })),
    acts,
  );

/** The same of words beside a command: whether they narrow it. */
export const learnAsides = (asides: readonly Aside[]): Learned =>
  fitted(asides.flatMap((aside) => asideExamples(aside, anyDay)));

/** What is learned from: what is looked at of a sentence, and what it is. */
interface Labelled {
  features: readonly number[];
  intent: string;
  act?: Act;
}

function fitted(labelled: readonly Labelled[], acts: readonly Act[] = []): Learned {
  const intents = [...new Set(labelled.map(({ intent }) => intent))].sort();
  const width = intents.length + acts.length;
  const weights = weightOf(labelled);
  const counts = known(labelled);
  const features = [...counts.keys()].sort((a, b) => a - b);
  const rows = new Map(features.map((hash, row) => [hash, row]));
  const examples = labelled.map(
    ({ features: seen, intent, act }): Example => ({
      rows: seen.flatMap((hash) => rows.get(hash) ?? []),
      part: share(seen.length),
      intent: intents.indexOf(intent),
      act: act ? acts.indexOf(act) : -1,
      weight: weights.get(intent) ?? 1,
    }),
  );
  const learned = descend(examples, features.length, intents.length, width);
  return { intents, acts, ...quantised(learned, features, counts, intents.length) };
}

/** An intent with so many lines counts as it stands. */
const wellKnown = 400;

/** Lines of an intent that has few of them count more, so that a new one is heard beside those that have hundreds. */
function weightOf(lines: readonly { intent: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { intent } of lines) counts.set(intent, (counts.get(intent) ?? 0) + 1);
  return new Map([...counts].map(([intent, count]) => [intent, Math.max(1, Math.sqrt(wellKnown / count))]));
}

/** Features that enough lines have, with how many have them. */
function known(lines: readonly { features: readonly number[] }[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { features } of lines) for (const hash of features) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return new Map([...counts].filter(([, count]) => count >= least));
}

function descend(
  examples: readonly Example[],
  rows: number,
  heads: number,
  width: number,
): { weights: Float64Array; bias: Float64Array } {
  const weights = new Float64Array(rows * width);
  const bias = new Float64Array(width);
  const slope = new Float64Array(width);
  const order = examples.map((_, at) => at);
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 4_294_967_296) * below);
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = random(at + 1);
      [order[at], order[other]] = [order[other] as number, order[at] as number];
    }
    const rate = 4 / (1 + epoch * 0.5);
    for (const at of order) {
      const { rows: present, part, intent, act, weight } = examples[at] as Example;
      slope.set(bias);
      for (const row of present) {
        const start = row * width;
        for (let column = 0; column < width; column++)
          slope[column] = (slope[column] as number) + (weights[start + column] as number) * part;
      }
      toSlope(slope, 0, heads, intent, rate * weight);
      toSlope(slope, heads, width, heads + act, rate * cost(acts[act] as Act));
      for (let column = 0; column < width; column++)
        bias[column] = (bias[column] as number) - (slope[column] as number) * 0.1;
      for (const row of present) {
        const start = row * width;
        for (let column = 0; column < width; column++)
          weights[start + column] = (weights[start + column] as number) - (slope[column] as number) * part;
      }
    }
  }
  return { weights, bias };
}

/** A sentence taken for an order that is none costs more than an order that is asked about. */
const cost = (act: Act): number => (act === 'order' || act === 'request' ? 1 : 1.5);

/** Scores in place of a head become the slope of its loss, times the rate. */
function toSlope(scores: Float64Array, from: number, to: number, right: number, rate: number): void {
  let top = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at++) top = Math.max(top, scores[at] as number);
  let total = 0;
  for (let at = from; at < to; at++) {
    scores[at] = exp((scores[at] as number) - top);
    total += scores[at] as number;
  }
  for (let at = from; at < to; at++) scores[at] = ((scores[at] as number) / total - (at === right ? 1 : 0)) * rate;
}

/** Small integers, without those that come to nothing, and as many features as there is room for. */
function quantised(
  { weights, bias }: { weights: Float64Array; bias: Float64Array },
  features: readonly number[],
  counts: ReadonlyMap<number, number>,
  heads: number,
): Pick<Learned, 'features' | 'counts' | 'columns' | 'weights' | 'bias' | 'scales'> {
  const width = bias.length;
  const headOf = (at: number): 0 | 1 => (at % width < heads ? 0 : 1);
  const largest = [0, 0];
  for (const [at, weight] of weights.entries())
    largest[headOf(at)] = Math.max(largest[headOf(at)] as number, Math.abs(weight));
  const scales = [(largest[0] as number) / 127, (largest[1] as number) / 127] as const;
  const rows = features.flatMap((hash, row) => {
    const entries: { column: number; weight: number }[] = [];
    let moves = 0;
    for (let column = 0; column < width; column++) {
      const weight = Math.round((weights[row * width + column] as number) / scales[headOf(column)]);
      if (weight !== 0) entries.push({ column, weight });
      moves += weight * weight;
    }
    return entries.length > 0 ? [{ hash, entries, moves: moves * (counts.get(hash) ?? 0) }] : [];
  });
  let bytes = 0;
  const kept = rows
    .sort((a, b) => b.moves - a.moves || a.hash - b.hash)
    .filter(({ entries }) => {
      bytes += 5 + entries.length * 2;
      return bytes <= mostBytes;
    })
    .sort((a, b) => a.hash - b.hash);
  const all = kept.flatMap(({ entries }) => entries);
  return {
    features: Uint32Array.from(kept, ({ hash }) => hash),
    counts: Uint8Array.from(kept, ({ entries }) => entries.length),
    columns: Uint8Array.from(all, ({ column }) => column),
    weights: Int8Array.from(all, ({ weight }) => weight),
    bias: [...bias].map((one) => Math.round(one * 10_000) / 10_000),
    scales,
  };
}
