import type { Line } from './corpus.ts';
import { featuresOf } from './features.ts';
import { normalise } from './normalise.ts';
import { noNames, readPieces } from './pieces.ts';
import { type Act, acts, exp, type Learned, share } from './scorer.ts';

const epochs = 12;
/** A feature counts when at least so many lines have it. */
const least = 2;
/** The most bytes that the weights take, however many intents there are; a feature is its hash and a byte for each of them. */
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
export function learn(lines: readonly Line[]): Learned {
  const looks = lines.map(({ text }) => look(text));
  const intents = [...new Set(lines.map(({ intent }) => intent))].sort();
  const width = intents.length + acts.length;
  const weights = weightOf(lines);
  const first = known(looks);
  const examples = (features: readonly number[]): Example[] => {
    const rows = new Map(features.map((hash, row) => [hash, row]));
    return lines.map(({ intent, act }, at) => ({
      rows: (looks[at] ?? []).flatMap((hash) => rows.get(hash) ?? []),
      part: share((looks[at] ?? []).length),
      intent: intents.indexOf(intent),
      act: acts.indexOf(act),
      weight: weights.get(intent) ?? 1,
    }));
  };
  const trial = descend(examples(first), first.length, intents.length, width);
  const features = heaviest(first, trial.weights, looks, width, Math.floor(mostBytes / (4 + width)));
  const learned = descend(examples(features), features.length, intents.length, width);
  return {
    intents,
    acts,
    features: Uint32Array.from(features),
    ...quantised(learned.weights, learned.bias, intents.length, width),
  };
}

/** An intent with so many lines counts as it stands. */
const wellKnown = 400;

/** Lines of an intent that has few of them count more, so that a new one is heard beside those that have hundreds. */
function weightOf(lines: readonly Line[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { intent } of lines) counts.set(intent, (counts.get(intent) ?? 0) + 1);
  return new Map([...counts].map(([intent, count]) => [intent, Math.max(1, Math.sqrt(wellKnown / count))]));
}

/** Features that enough lines have, ascending. */
function known(looks: readonly number[][]): number[] {
  const counts = new Map<number, number>();
  for (const hash of looks.flat()) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= least)
    .map(([hash]) => hash)
    .sort((a, b) => a - b);
}

/** The `most` of the features whose weights, over all lines that have them, move most. */
function heaviest(
  features: readonly number[],
  weights: Float64Array,
  looks: readonly number[][],
  width: number,
  most: number,
): number[] {
  const counts = new Map<number, number>();
  for (const hash of looks.flat()) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  const weighed = features.map((hash, row) => {
    let sum = 0;
    for (let at = 0; at < width; at++) sum += (weights[row * width + at] as number) ** 2;
    return { hash, weight: sum * (counts.get(hash) ?? 0) };
  });
  return weighed
    .sort((a, b) => b.weight - a.weight || a.hash - b.hash)
    .slice(0, most)
    .map(({ hash }) => hash)
    .sort((a, b) => a - b);
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

function quantised(
  weights: Float64Array,
  bias: Float64Array,
  heads: number,
  width: number,
): Pick<Learned, 'weights' | 'bias' | 'scales'> {
  const largest = [0, 0];
  weights.forEach((weight, at) => {
    const head = at % width < heads ? 0 : 1;
    largest[head] = Math.max(largest[head] as number, Math.abs(weight));
  });
  const scales = [(largest[0] as number) / 127, (largest[1] as number) / 127] as const;
  return {
    weights: Int8Array.from(weights, (weight, at) => Math.round(weight / scales[at % width < heads ? 0 : 1])),
    bias: [...bias].map((one) => Math.round(one * 10_000) / 10_000),
    scales,
  };
}
