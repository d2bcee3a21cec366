import { intentNamed, intents } from '../intents/index.ts';
import { changes, courtesies, type Intent } from '../intents/intent.ts';
import { onlyTold, withoutAsides } from './asides.ts';
import { decide, type Reading, unknownMetrics } from './decide.ts';
import { readDetails } from './details.ts';
import type { DialogueState } from './dialogue.ts';
import { meant, putOff } from './focus.ts';
import type { Part } from './parts.ts';
import { has, type Piece } from './piece.ts';
import type { Names } from './pieces.ts';
import { orderly, type Scorer, type Scores } from './scorer.ts';
import { readSlots, type Slots } from './slots.ts';
import { pointed } from './spoken-of.ts';
import type { TimeReading } from './time/read.ts';
import type { Understanding } from './understanding.ts';
import { remarks, unreadOf } from './unread.ts';

/** What a sentence is read with beside what was said before. */
export interface Setting {
  now: string;
  names: Names;
  pipelines: readonly string[];
  scorer: Scorer;
  /** Tells words that change nothing of a command from those that narrow it. */
  asides: Scorer;
}

/** Slots that every list has. */
const everywhere = ['list', 'top', 'file', 'more'];

/** A part as what it asks for, and what is done about it; `beside`: what is done with all that is said, where reasons are left out of it. */
export function readPart(
  text: string,
  part: Part,
  time: TimeReading,
  state: DialogueState,
  setting: Setting,
  beside: Scores['acts'] | null,
): Understanding {
  const { pieces, scores } = part;
  const { slots, from } = readSlots({ text, pieces: [...pieces], time });
  const first = likeliest(pieces, scores, state);
  const put = putOff(first, pieces, scores, slots, state);
  if (put)
    return {
      ...(put === 'refused'
        ? { intent: 'reject', action: 'none' }
        : { intent: 'none', action: 'none', ask: 'deferred' }),
      slots: {},
      why: { text, pieces, ...scores, rule: put },
    };
  const { intent, goesOn, ...taken } = meant(first, { pieces, scores, slots, time }, state);
  readDetails(intent, { text, pieces: [...pieces], time }, slots, setting.now, (of, more) => {
    Object.assign(slots, more);
    for (const piece of of) from.set(piece, [...(from.get(piece) ?? []), ...Object.keys(more)]);
  });
  const record = intentNamed(intent);
  const told = part.told.filter((stretch) => onlyTold(text, pieces, stretch, setting.asides));
  for (const piece of remarks(pieces, told, record)) from.set(piece, []);
  for (const piece of consented(pieces)) from.set(piece, []);
  // 「可以重新打开了」
  if (permits(text, scores)) for (const piece of pieces) if (has(piece, 'ask')) from.set(piece, []);
  // 「不对，是前天的」
  for (const [at, piece] of pieces.entries())
    if (has(piece, 'correct') && (goesOn || pieces.slice(at).some(({ kind }) => kind === 'time' || kind === 'order')))
      from.set(piece, []);
  const inferred = pointed(intent, pieces, slots, state) || taken.inferred;
  // A clause with a deed in it is no mere remark: 「应收单也一起同步下，昨天的」.
  const inRemark = (piece: Piece): boolean =>
    part.told.some(({ from: start, to }) => {
      const clause = pieces.filter((one) => one.from >= start && one.to <= to);
      return clause.includes(piece) && !clause.some((one) => record.verbs?.some((family) => has(one, family)));
    });
  const unknownDocument = document(
    pieces.filter((piece) => !inRemark(piece)),
    slots,
    setting,
  );
  const own = Object.fromEntries(
    Object.entries(slots).filter(([name]) => record.slots?.includes(name) || everywhere.includes(name)),
  );
  // What fills a slot that this intent does not have says more than is read: 「今晚先不要自动跑」, 「同步昨天超时的」.
  const timed = ['start', 'until', 'schedule', 'duration'].some((name) => own[name as keyof Slots] !== undefined);
  const takes = (piece: Piece, names: readonly string[]): boolean =>
    piece.kind === 'time' ? timed : names.length === 0 || names.some((name) => own[name as keyof Slots] !== undefined);
  const strict = ['writes', 'settings'].includes(record.effect);
  const filled = new Set([...from].filter(([piece, names]) => !strict || takes(piece, names)).map(([piece]) => piece));
  const left = unreadOf(
    text,
    pieces,
    record,
    filled,
    scores.acts[0]?.name === 'request' || allowed(text, scores),
    orderly(scores) >= 0.95,
  );
  const unread = changes(record) ? withoutAsides(text, pieces, left, record, setting.asides) : left;
  const reading: Reading = {
    text,
    pieces,
    scores,
    intent,
    slots: own,
    time: timeOf(time, part.told),
    filled,
    unread: [...unread.map(({ from: start, to }) => text.slice(start, to).trim()), ...part.refused],
    beside: beside !== null || part.refuses || unread.length < left.length,
    acts: beside ?? part.acts,
    inferred,
    goesOn,
    unknownDocument,
  };
  const decision = decide(reading);
  return {
    intent: decision.intent,
    slots: own,
    action: decision.action,
    ...(decision.ask ? { ask: decision.ask } : {}),
    ...(decision.ask && time.asked ? { asked: time.asked } : {}),
    ...(reading.unread.length > 0 && changes(record) ? { unread: [...reading.unread] } : {}),
    ...(decision.ask === 'unknown_metric' ? { unread: unknownMetrics({ text, pieces }) } : {}),
    ...(decision.ask === 'which_reading' || decision.ask === 'unknown'
      ? { readings: scores.intents.slice(0, 3).map(({ name }) => name) }
      : {}),
    why: { text, pieces, ...scores, ...(time.tree ? { time: time.tree } : {}), rule: decision.rule },
  };
}

/** 「可以再试了」 lets her do it; it asks nothing. */
const permits = (text: string, scores: Scores): boolean =>
  /可以.*了[吧啊呀哈啦!！。]*$/.test(text) && orderly(scores) >= 0.75;
const allowed = (text: string, scores: Scores): boolean =>
  permits(text, scores) || (orderly(scores) >= 0.9 && !/[吗么不没?？]\s*$/.test(text));

/** Candidates below this are not thought of. */
const thinkable = 0.05;

/**
 * The likeliest reading with what was spoken of before, and with what it would leave unread: where the first would write and leave out
 * a word that another candidate turns on (谁, 导出, 金额), that one is meant.
 */
function likeliest(pieces: readonly Piece[], { intents: ranking, acts }: Scores, { last }: DialogueState): string {
  const asks = acts[0]?.name === 'question' && acts[0].p >= 0.7;
  const topic = intents.get(last?.intent ?? '')?.topic;
  // 「那你推啊」 after a question is no question.
  const [first] = ranking;
  const verbs = intents.get(first?.name ?? '')?.verbs ?? [];
  const commands =
    acts[0]?.name === 'order' &&
    acts[0].p >= 0.8 &&
    (first?.p ?? 0) >= 0.5 &&
    verbs.some((family) => pieces.some((piece) => has(piece, family)));
  // The shorter a sentence, the more it leans on the one before.
  const leaning = pieces.length < 5 ? 20 : 4;
  const weighed = ranking
    .slice(0, 4)
    .map(({ name, p }) => ({ name, p: topic && !commands && intents.get(name)?.topic === topic ? p * leaning : p }))
    .sort((a, b) => b.p - a.p);
  const [top, ...others] = weighed;
  const record = intents.get(top?.name ?? '');
  // What is told to do and names a deed is hardly a question: 「261123005等反关账」.
  const close = others[0];
  const ordered = acts[0]?.name === 'order' && acts[0].p >= 0.9 && close !== undefined && close.p >= 0.35;
  if (ordered && record?.effect === 'reads' && names(pieces, intents.get(close.name))) return close.name;
  if (!top || !record || !changes(record)) return top?.name ?? 'unknown';
  // Who asks about something and does not ask for it wants to be told.
  const told = asks ? others.find(({ name, p }) => p >= 0.3 && intents.get(name)?.effect === 'reads') : undefined;
  if (told) return told.name;
  const read = [...courtesies, ...(record.reads ?? [])];
  const left = pieces.filter((piece) => !read.some((family) => has(piece, family)));
  const cued = others.find(
    ({ name, p }) =>
      p >= thinkable && intents.get(name)?.cues?.some((family) => left.some((piece) => has(piece, family))),
  );
  return cued?.name ?? top.name;
}

const names = (pieces: readonly Piece[], intent: Intent | undefined): boolean =>
  intent !== undefined &&
  changes(intent) &&
  intent.verbs?.some((family) => pieces.some((piece) => has(piece, family))) === true;

/** 「好的，那就同步10月的」: consent to what was said before, and then a command of its own. */
function consented(pieces: readonly Piece[]): readonly Piece[] {
  const end = pieces.findIndex(({ value }) => /^[,，。;；!！~ ]$/.test(value));
  const first = pieces.slice(0, Math.max(end, 0));
  return first.every((piece) => has(piece, 'yes') || has(piece, 'particle')) ? first : [];
}

/** A time that a remark tells of is not what is asked for: 「全部重推，年底了还卡」. */
function timeOf(time: TimeReading, told: Part['told']): TimeReading {
  const aside = ({ from, to }: { from: number; to: number }): boolean =>
    told.some((one) => from >= one.from && to <= one.to);
  return time.ask && time.spans.length > 0 && time.spans.every(aside) ? { ...time, ask: null } : time;
}

/** The pipeline a document's word names; whether it names one that nothing is enabled for. */
function document(pieces: readonly Piece[], slots: Slots, { pipelines }: Setting): boolean {
  for (const piece of pieces) {
    const word = piece.concepts.find((concept) => concept.startsWith('document.'))?.slice('document.'.length);
    // Sales-out by its own name is no longer what was spoken of before.
    if (has(piece, 'object') && /出库|发货|销售/.test(piece.value)) delete slots.document;
    if (!word || word === 'saleout') continue;
    const id = `jushuitan-${word}-to-kingdee`;
    slots.document = id;
    if (!pipelines.includes(id)) return true;
  }
  return false;
}
