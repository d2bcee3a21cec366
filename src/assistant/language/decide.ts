import { intentNamed } from '../intents/index.ts';
import { changes, type Intent } from '../intents/intent.ts';
import { has, type Piece } from './piece.ts';
import { type Act, orderly, type Scores } from './scorer.ts';
import type { Slots } from './slots.ts';
import type { TimeReading } from './time/read.ts';
import type { Action, Ask } from './understanding.ts';
import { onlyTells, veto } from './veto.ts';

/** Below these the likeliest readings go back as buttons; set on writers that were held out of training. */
const clear = { toWrite: 0.6, toAnswer: 0.3, toName: 0.15 };
/**
 * How sure it has to be that a sentence orders something. In one whose every word is taken up by a command nothing else is said, so
 * little is enough; where a word is left over, or one that tells of the past stands in it, it takes more to be asked about at all.
 */
const ordered = { plain: 0.3, nearly: 0.1, hardly: 0.015, unread: 0.6, told: 0.85 };

export interface Reading {
  text: string;
  pieces: readonly Piece[];
  scores: Scores;
  intent: string;
  slots: Slots;
  time: TimeReading;
  /** The pieces that slots were read from. */
  filled: ReadonlySet<Piece>;
  /** Words that nothing takes up. */
  unread: readonly string[];
  /** Words were passed over that change nothing of it. */
  beside: boolean;
  /** What is done with all that is said, what is passed over as well. */
  acts: Scores['acts'];
  /** Something of it was taken from what was said before; `goesOn`: the intent itself. */
  inferred: boolean;
  goesOn: boolean;
  /** Named a document that no enabled pipeline has. */
  unknownDocument: boolean;
}

export interface Decision {
  intent: string;
  action: Action;
  ask?: Ask;
  rule: string;
}

/** What is done about a reading. A change is carried out at once only where it is plainly asked for and nothing is left unread. */
export function decide(reading: Reading): Decision {
  const intent = intentNamed(reading.intent);
  const made = (action: Action, rule: string, ask?: Ask, name = reading.intent): Decision => ({
    intent: name,
    action,
    rule,
    ...(ask ? { ask } : {}),
  });
  const [likeliest] = reading.scores.intents;
  if (likeliest?.name === reading.intent && likeliest.p < clear.toAnswer && !reading.inferred)
    return made('clarify', 'unsure', likeliest.p < clear.toName ? 'unknown' : 'which_reading');
  const many = ['undo', 'sync'].includes(intent.name) || reading.pieces.some((piece) => has(piece, 'all'));
  if (bulk(reading) && many && !reading.slots.orders) return made('reply', 'bulk', 'bulk_delete', 'out_of_scope');
  if (!changes(intent)) return answer(reading, intent, made);
  const act = actOf(reading, intent);
  if (reading.unknownDocument && !intent.atOnce && act !== 'refusal' && act !== 'deferral')
    return made('clarify', 'document', 'other_document');
  const unsure = sureOf(reading) < clear.toWrite;
  const named = intent.verbs?.some((family) => reading.pieces.some((piece) => has(piece, family)));
  if (reading.slots.dryRun && act !== 'deferral' && act !== 'condition' && act !== 'hearsay') {
    // Anything may be looked at first: 「该先看哪块」.
    if (unsure && reading.unread.length > 0 && !reading.slots.start && !reading.inferred)
      return made('clarify', 'unsure', 'which_reading');
    return missing(reading, intent, made) ?? made('reply', 'preview');
  }
  // Closed periods are what is waited for: anything else that is left for later is just left.
  if (
    intent.name === 'hold_closed' &&
    !/关账|结账|开账|封账|期间|账期|closed|period/.test(reading.text) &&
    !reading.pieces.some((piece) => has(piece, 'fail')) &&
    !reading.inferred
  )
    return made('none', 'left', 'deferred', 'none');
  if (act !== 'order') return noCommand(act, reading, intent, made);
  // 「别全停，就一家店错」 refuses this, and not what goes on.
  if (intent.atOnce)
    return reading.scores.acts[0]?.name === 'refusal' || unsure ? made('confirm', 'unsure') : made('run', 'at once');
  // Where the deed is not named and words are left over, it is about something else.
  if (!named && !reading.inferred && reading.unread.length > 0) return made('clarify', 'no verb', 'which_reading');
  const lacking = missing(reading, intent, made);
  if (lacking) return lacking;
  if (reading.unread.length > 0)
    return unsure ? made('clarify', 'unsure', 'which_reading') : made('confirm', 'unread', 'unread');
  if (intent.asks) return made('confirm', 'always');
  if (reading.inferred) return made('confirm', 'inferred');
  if (reading.slots.excludeErrorKind) return made('confirm', 'all but');
  // 「那批重推」 with nothing spoken of, and nothing else that says which.
  if (intent.effect === 'writes' && points(reading.pieces) && nothingNamed(reading) && !allFailed(reading))
    return made('confirm', 'which ones');
  if (inQuestion(reading)) return made('confirm', 'in a question');
  if (!named)
    return orderly(reading.scores) < ordered.told
      ? noCommand('statement', reading, intent, made)
      : made('confirm', 'no verb');
  const told = tellsOf(reading) || reading.beside;
  if (unsure || willed(reading.scores, intent) < (told ? ordered.told : ordered.plain))
    return made('confirm', 'unsure');
  // 「推上去的那些，财务说看到了」
  if (reading.beside && willed(reading, intent) < ordered.unread) return made('confirm', 'unsure');
  if (severalShops(reading)) return made('confirm', 'several shops');
  // 「都推了吧」 may as well ask whether it has been done.
  if (/[都已].{0,6}了吧[?？。~\s]*$/.test(reading.text) && !/[把给帮]/.test(reading.text) && !politely(reading))
    return made('confirm', 'done or to do');
  return made('run', 'plain');
}

/** How likely it is asked for; what refuses by its nature is asked for by a refusal, too: 「别自动跑了」. */
const willed = ({ acts }: Pick<Scores, 'acts'>, { refuses }: Intent): number =>
  orderly({ acts }) + (refuses ? (acts.find(({ name }) => name === 'refusal')?.p ?? 0) : 0);

/** 「推一下昨天的，可以吗」: a command, and then whether that is all right. */
const tag = /[,，\s]*(?:可以|好|行|成|中)[吗么嘛不][?？。~\s]*$/;

/** Whether it is put as a question, however politely: 「能推下昨天的吗」. */
const inQuestion = ({ pieces, text, filled, scores }: Reading): boolean => {
  const end = orderly(scores) >= ordered.told ? (tag.exec(text)?.index ?? text.length) : text.length;
  const said = text.slice(0, end);
  return (
    /[吗么][?？。~\s]*$|[?？]$|看看?(?:能不能|可不可以|能否|行不行)/.test(said) ||
    (pieces.some((piece) => piece.from < end && has(piece, 'ask') && !has(piece, 'small') && !filled.has(piece)) &&
      !pieces.some((piece) => has(piece, 'polite') && /帮|麻烦|劳|求|拜托/.test(piece.value)))
  );
};

const politely = ({ pieces }: Reading): boolean => pieces.some((piece) => has(piece, 'polite') || has(piece, 'haste'));

/** 「还没推过去的」 says which as well as how it stands. */
const tellsOf = ({ intent, pieces }: Reading): boolean =>
  intent === 'sync' && pieces.some((piece) => has(piece, 'fail'));
const severalShops = ({ slots }: Reading): boolean =>
  [slots.shop, slots.warehouse].some((name) => name?.includes('、'));

/** How sure the intent is; with the numbers given, syncing and trying again come to the same. */
function sureOf({ intent, scores, slots }: Reading): number {
  const [top, second] = scores.intents;
  if (!top || top.name !== intent) return 1;
  const same = ['sync', 'retry'];
  return same.includes(intent) && slots.orders && second && same.includes(second.name) ? top.p + second.p : top.p;
}

type Made = (action: Action, rule: string, ask?: Ask, name?: string) => Decision;

function actOf(reading: Reading, intent: Intent): Act {
  const others = reading.scores.acts.filter(({ name }) => name !== 'order' && name !== 'request');
  const top = reading.scores.acts[0]?.name ?? 'statement';
  const leavesOut = reading.slots.excludeShop ?? reading.slots.excludeErrorKind;
  const against = veto(reading.pieces, intent, leavesOut ? reading.filled : undefined);
  if (against) return against;
  // 「是不是已经同步了」
  const asked = reading.pieces.some((piece) => has(piece, 'ask') && /是不是|是否|有没有|有无/.test(piece.value));
  if (asked && reading.pieces.some((piece) => has(piece, 'done') || has(piece, 'pushed'))) return 'question';
  if (onlyTells(reading.pieces, intent)) return 'statement';
  // 「那9月的呢」 asks for the same again.
  if (reading.goesOn && top !== 'refusal' && top !== 'deferral') return 'order';
  // What is refused by its nature is not refused by a word that refuses.
  if (intent.refuses && top === 'refusal') return 'order';
  const tells = tellsOf(reading);
  const enough = tells
    ? ordered.unread
    : reading.unread.length === 0 && !reading.beside
      ? intent.asks
        ? ordered.hardly
        : ordered.nearly
      : reading.pieces.some((piece) => has(piece, 'done'))
        ? ordered.told
        : ordered.unread;
  return orderly(reading.scores) >= enough ? 'order' : (others[0]?.name ?? 'statement');
}

function answer(reading: Reading, intent: Intent, made: Made): Decision {
  const { slots, scores, time } = reading;
  if (intent.name === 'out_of_scope') return made('reply', 'out_of_scope', bulk(reading) ? 'bulk_delete' : undefined);
  // Never a neighbour's figure for one that cannot be given.
  const figure = figured.includes(intent.name);
  // Two sides are compared by a reconciliation, too.
  const beside = ['reconcile', 'run_status', 'stock_check'].includes(intent.name);
  if ((figure || beside) && unknownMetrics(reading).some((words) => figure || !words.includes('比')))
    return made('reply', 'metric', 'unknown_metric', 'report');
  if (intent.name === 'unknown') return made('clarify', 'unknown', 'unknown');
  if (intent.name === 'follow_up') return made('clarify', 'nothing before', 'nothing_before', 'unknown');
  if (intent.name === 'smalltalk' && likeliest(reading) < clear.toWrite && saysMore(reading))
    return made('clarify', 'unsure', 'unknown', 'unknown');
  // 「行，知道了」 with nothing open is no yes to anything.
  if (intent.name === 'confirm') return made('reply', 'talk', 'noted', 'smalltalk');
  if (intent.name === 'smalltalk' && thanks.test(reading.text)) return made('reply', 'talk', 'thanked');
  if (intent.effect === 'talk') return made(['reject', 'forget'].includes(intent.name) ? 'none' : 'reply', 'talk');
  // A number says which document is meant, whatever else is spoken of.
  if (reading.unknownDocument && !slots.orders && !slots.field && !['help', 'knowledge'].includes(intent.name))
    return made('clarify', 'document', 'other_document');
  if (time.ask && time.ask !== 'vague' && time.ask !== 'future' && intent.slots?.includes('start'))
    return made('clarify', 'time', time.ask as Ask);
  if (intent.name === 'order_status' && !slots.orders) return made('clarify', 'needs', 'which_order');
  if (intent.needs === 'field' && !slots.field && !slots.sourceField && !/表|全部|所有|规则|列/.test(reading.text))
    return made('clarify', 'needs', 'field_missing');
  if (intent.name === 'list_failures' && scores.acts[0]?.name === 'refusal')
    return made('none', 'refusal', undefined, 'none');
  return made('reply', 'reads');
}

const thanks = /谢|多谢|唔该|辛苦|感恩|thank|thx|cheers/i;
const likeliest = ({ scores }: Reading): number => scores.intents[0]?.p ?? 0;
/** Whether there are words in it that no reader knows. */
const saysMore = ({ pieces }: Reading): boolean => pieces.some(({ kind }) => kind === 'unknown');

const bulk = ({ pieces }: Reading): boolean => pieces.some((piece) => has(piece, 'delete'));

/** What is answered with figures or lists, or goes on with one that was. */
const figured = ['report', 'list_orders', 'list_failures', 'follow_up', 'unknown'];

/** An amount or a number as a limit: 「金额大于一千的」. */
const limit =
  /(?:大于|小于|超过|不到|低于|高于|多于|少于|不足|满)\s*[\d一二两三四五六七八九十百千万]+(?:元|块|单|件|万|千)*|[\d一二两三四五六七八九十百千万]+(?:元|块|单|件)?以[上下]/g;

/** What of a question for figures cannot be had: 「退货率」, 「环比」, 「金额大于一千」. */
export const unknownMetrics = ({ text, pieces }: Pick<Reading, 'text' | 'pieces'>): string[] => [
  ...pieces
    .filter((piece) => has(piece, 'region') || piece.concepts.includes('metric.unknown'))
    .map(({ value }) => value),
  ...[...text.matchAll(limit)].map(([words]) => words),
];

/** What a sentence is answered with that speaks of a change and does not ask for it. */
function noCommand(act: Act, reading: Reading, intent: Intent, made: Made): Decision {
  const instead = reading.slots.orders && intent.everyDocument ? 'order_status' : (intent.instead ?? intent.name);
  switch (act) {
    case 'refusal':
      return made('none', act, undefined, 'none');
    case 'deferral':
      return made('none', act, 'deferred', 'none');
    case 'condition':
      return made('clarify', act, 'conditional');
    case 'hearsay':
      return made('clarify', act, 'hearsay');
    case 'question':
      // Whether it has been done is answered; whether it may be done, or how, is no word to do it.
      if (reading.pieces.some((piece) => has(piece, 'if'))) return made('clarify', act, 'conditional');
      if (how(reading)) return made('reply', act, undefined, 'help');
      return may(reading) ? made('clarify', act, 'not_a_command') : made('reply', act, undefined, instead);
    default:
      // 「那个单撤了」 with nothing spoken of.
      return intent.needs === 'orders' && !reading.slots.orders && points(reading.pieces)
        ? made('clarify', act, 'which_order')
        : made('reply', act, undefined, instead);
  }
}

const how = ({ pieces }: Reading): boolean =>
  pieces.some(({ value }) => /^(?:怎么弄?|如何|怎样|咋个?|咋整|点样|how)$/.test(value));
const may = ({ text }: Reading): boolean =>
  /能|可以|可否|还是|要不要|会不会|该不该|需要|如果|要是|吗|can|could|should|may/i.test(text) &&
  !/了吗|了没|完了|过了|有没有/.test(text);

/** What it cannot be done without, or what of it cannot be. */
function missing(reading: Reading, intent: Intent, made: Made): Decision | null {
  const { slots, time } = reading;
  if (slots.direction === 'reverse') return made('clarify', 'direction', 'reverse');
  const timed = intent.slots?.includes('start') === true;
  if (time.ask && timed && !slots.orders) return made('clarify', 'time', time.ask as Ask);
  switch (intent.needs) {
    case 'range_or_orders':
      return slots.start || slots.orders ? null : made('clarify', 'needs', 'range_missing');
    case 'orders':
      return slots.orders ? null : made('clarify', 'needs', 'orders_missing');
    case 'schedule':
      return slots.schedule ? null : made('clarify', 'needs', 'schedule_missing');
    case 'source_and_target':
      return slots.source && slots.target ? null : made('clarify', 'needs', 'mapping_missing');
    case 'day':
      return slots.start ? null : made('clarify', 'needs', 'day_missing');
    default:
      return null;
  }
}

/** 「失败的那些」, 「剩下没过的」 are all that failed; 「这个失败的」, 「那三单」 are some that were seen. */
const allFailed = ({ pieces }: Reading): boolean =>
  pieces.some((piece) => has(piece, 'fail')) &&
  pieces.every((piece) => !has(piece, 'these') || /^[这那该嗰呢](?:些|几|批|啲)/.test(piece.value));

const nothingNamed = ({ slots }: Reading): boolean =>
  !slots.orders && !slots.start && !slots.errorKind && !slots.shop && !slots.warehouse;

/** Whether a sentence points at something said before: 「这单」, 「剩下的」. */
export const points = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece) => has(piece, 'these') || has(piece, 'rest'));
