import { clausesOf, intentOf, negation, takenBack } from './clauses.ts';
import { goesOn, listing, refersBack, type Spoken } from './follow-up.ts';
import { type Intent, otherDocuments, tagQuestion, writes } from './lexicon.ts';
import { modalityOf } from './modality.ts';
import { normalise } from './normalise.ts';
import { asksWhich, settle } from './settle.ts';
import { moreSlots, readSlots, type Slots, type Why } from './slots.ts';
import type { Action, Turn, Understanding } from './understanding.ts';

interface Asked {
  text: string;
  now: string;
  prior?: readonly Turn[];
}

/** A sentence as an intent with slots. Pure: no clock but `now`, no I/O. What is only nearly a command is never action `run`. */
export function understand({ text, now, prior = [] }: Asked): Understanding {
  const sentence = normalise(text);
  const [main, second] = inTwo(sentence);
  if (second) {
    const one = readOne(main, now, prior);
    const other = readOne(second, now, []);
    // 「补好了，再推一次」 is one thing: its first half only says which.
    const whole = one.intent === 'list_failures' && !asksWhich.test(main);
    if (!whole && ![one.intent, other.intent].includes('unknown') && other.intent !== one.intent)
      return { ...one, also: [other] };
  }
  return readOne(sentence, now, prior);
}

/** A second command after a word that joins two. */
function inTwo(sentence: string): [string, string?] {
  const joint = /[,，;；。]\s*(?:再|然后|顺便|接着|同时|另外|最后|并且?)|(?:然后|顺便|接着)/.exec(sentence);
  if (!joint || joint.index === 0) return [sentence];
  return [sentence.slice(0, joint.index), sentence.slice(joint.index + joint[0].length)];
}

/** Clauses that refuse something beside one that asks for something: 「昨天的别推了，推前天的」. What is refused is left out. */
function withoutRefused(sentence: string): string {
  const clauses = clausesOf(sentence);
  if (clauses.length < 2 || takenBack(sentence)) return sentence;
  const asked = clauses.filter((clause) => !negation.test(clause) && !/^(?:先)?(?:不要|不用|别)/.test(clause));
  const wants = asked.some((clause) => intentOf(clause) !== 'unknown' && writes.includes(intentOf(clause)));
  return wants && asked.length < clauses.length ? asked.join('，') : sentence;
}

function readOne(whole: string, now: string, prior: readonly Turn[]): Understanding {
  // A shop or a kind of failure that is left out is a slot, and no refusal of the whole.
  const full = readSlots(whole, now);
  const spoken = full.slots.excludeShop ? whole.replace(wordsOf(full.why, 'excludeShop'), '') : whole;
  const sentence = full.slots.dryRun ? spoken : withoutRefused(spoken);
  const { slots, why, impossible } = sentence === whole ? full : readSlots(sentence, now);
  if (sentence !== spoken && /其他|其它|别的|剩下|其余/.test(sentence) && full.slots.errorKind && !slots.errorKind)
    slots.excludeErrorKind = full.slots.errorKind;
  if (full.slots.excludeShop) {
    slots.excludeShop = full.slots.excludeShop;
    delete slots.errorKind;
    why.push(...full.why.filter(({ slot }) => slot === 'excludeShop'));
  }
  const intent = settle(intentOf(sentence), sentence, slots);
  const said: Spoken = { now, prior, read: (earlier, before) => readOne(earlier, now, before) };
  const listed = listing(intent, sentence, slots, why, said);
  if (listed) return listed;
  if (intent === 'unknown' || refersBack(intent, sentence)) {
    const before = goesOn(sentence, slots, why, said);
    if (before) return before;
  }
  why.push({ slot: 'intent', rule: intent, text: sentence });
  moreSlots(intent, sentence, slots, now);
  return decide({ intent, sentence, slots, why, impossible, now });
}

const wordsOf = (why: readonly Why[], slot: string): string => why.find((one) => one.slot === slot)?.text ?? '';

interface Reading {
  intent: Intent;
  sentence: string;
  slots: Slots;
  why: Why[];
  impossible: boolean;
  now: string;
}

/** What is done about it: carried out, asked about, asked back, answered, or deliberately left alone. */
function decide(reading: Reading): Understanding {
  const { sentence, slots, why, now } = reading;
  let { intent } = reading;
  const done = (action: Action, ask?: Understanding['ask']): Understanding => ({
    intent,
    slots,
    action,
    ...(ask ? { ask } : {}),
    why,
  });
  if (intent === 'out_of_scope') return done('reply', /删|清/.test(sentence) ? 'bulk_delete' : undefined);
  if (intent === 'unknown') {
    if (!negation.test(sentence) || /[?？吗么]$/.test(sentence)) return done('clarify');
    intent = 'none';
    return done('none');
  }
  if (intent === 'reject') return done('none');
  if (!writes.includes(intent)) {
    if (intent === 'list_failures' && /^(?:如果|要是|假如|万一|假设)/.test(sentence))
      return done('clarify', 'not_a_command');
    if (intent === 'list_failures' && /不用管|别管|不管|先放/.test(sentence)) {
      intent = 'none';
      return done('none');
    }
    return intent === 'explain_mapping' && !slots.field && !slots.sourceField
      ? done('clarify', 'field_missing')
      : done('reply');
  }
  if (intent === 'confirm') return done('confirm');

  const polite = tagQuestion.test(sentence);
  const asksFavour = /帮忙|帮我|帮下|麻烦|可以的话|方便的话/.test(sentence);
  const doubt = modalityOf(intent, polite ? sentence.replace(tagQuestion, '') : sentence);
  if (doubt === 'question' && asksFavour && intent === 'sync' && slots.start) return done('confirm');
  if (doubt && !slots.dryRun) {
    why.push({ slot: 'action', rule: doubt, text: sentence });
    if (doubt === 'negation') {
      intent = 'none';
      return done('none');
    }
    const looks =
      doubt === 'question' && /(?:完|好|过去|进去?|成功|过)?了(?:吗|么|没有?)[?？]?$|没有?[?？]?$/.test(sentence);
    if (intent === 'sync' && looks) {
      intent = 'run_status';
      return done('reply');
    }
    return done('clarify', 'not_a_command');
  }
  if (intent === 'sync' || intent === 'retry') {
    if (otherDocuments.test(sentence)) return done('clarify', 'other_document');
    if (slots.direction === 'reverse') return done('clarify', 'reverse');
    if (reading.impossible) return done('clarify', 'no_such_date');
    if (slots.start && Date.parse(slots.start) > Date.parse(now)) return done('clarify', 'future');
    if (intent === 'sync' && !slots.start && !slots.orders) return done('clarify', 'range_missing');
  }
  if (intent === 'undo') return slots.orders ? done('confirm') : done('clarify', 'order_missing');
  if (slots.dryRun) return done('reply');
  // 「直接」「不用确认」 asks for less care, which is no reason to take less.
  const hasty = /建议|应该|觉得|不用确认|无需确认|不要确认|别确认|你是管理员/.test(sentence);
  const byRefusal = intent === 'pause_schedule' && /别|不要|不用|先不/.test(sentence);
  const unsure =
    ['set_master_data', 'undo_master_data', 'move_date'].includes(intent) ||
    byRefusal ||
    slots.excludeErrorKind !== undefined;
  return done(unsure || polite || hasty ? 'confirm' : 'run');
}
