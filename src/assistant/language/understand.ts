import {
  type Intent,
  intents,
  notCommands,
  otherDocuments,
  tagQuestion,
  verbs,
  waitingForPeriod,
  writes,
} from './lexicon.ts';
import { inDigits, normalise } from './normalise.ts';
import { moreSlots, readSlots, type Slots, type Why } from './slots.ts';
import { asksWhichOrders, meansTheLast } from './which-orders.ts';

export type { Slots } from './slots.ts';

/** An earlier turn of this conversation. */
export interface Turn {
  role: 'user' | 'bot';
  text: string;
}

export type Action = 'run' | 'confirm' | 'clarify' | 'reply' | 'none';

export interface Understanding {
  intent: Intent;
  slots: Slots;
  action: Action;
  also?: Understanding[];
  /** Why a question goes back instead of a command being carried out. */
  ask?:
    | 'range_missing'
    | 'future'
    | 'no_such_date'
    | 'order_missing'
    | 'field_missing'
    | 'other_document'
    | 'bulk_delete'
    | 'reverse'
    | 'not_a_command';
  /** Which rule made what, for explaining and mending a wrong reading. */
  why: Why[];
}

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

const asksWhich = /怎么办|哪些|多少|几[单个条]|原因|明细|列表|汇总|统计|为什么|为啥|有没有|什么|看|查|吗|情况/;
const clausesOf = (sentence: string): string[] =>
  sentence.split(/[,，。;；!！\n]+/).filter((clause) => clause.trim() !== '');
const negation = notCommands[0].words;

/** Clauses that refuse something beside one that asks for something: 「昨天的别推了，推前天的」. What is refused is left out. */
function withoutRefused(sentence: string): string {
  const clauses = clausesOf(sentence);
  if (clauses.length < 2) return sentence;
  const asked = clauses.filter((clause) => !negation.test(clause) && !/^(?:先)?(?:不要|不用|别)/.test(clause));
  const wants = asked.some((clause) => intentOf(clause) !== 'unknown' && writes.includes(intentOf(clause)));
  return wants && asked.length < clauses.length ? asked.join('，') : sentence;
}

function intentOf(sentence: string): Intent {
  return intents.find(({ words }) => words.test(sentence))?.intent ?? 'unknown';
}

function readOne(whole: string, now: string, prior: readonly Turn[]): Understanding {
  // A shop or a kind of failure that is left out is a slot, and no refusal of the whole.
  const full = readSlots(whole, now);
  const spoken = full.slots.excludeShop ? whole.replace(wordsOf(full.why, 'excludeShop'), '') : whole;
  const sentence = full.slots.dryRun ? spoken : withoutRefused(spoken);
  const { slots, why, impossible, vague } = sentence === whole ? full : readSlots(sentence, now);
  if (sentence !== spoken && /其他|其它|别的|剩下|其余/.test(sentence) && full.slots.errorKind && !slots.errorKind)
    slots.excludeErrorKind = full.slots.errorKind;
  if (full.slots.excludeShop) {
    slots.excludeShop = full.slots.excludeShop;
    delete slots.errorKind;
    why.push(...full.why.filter(({ slot }) => slot === 'excludeShop'));
  }
  const intent = settle(intentOf(sentence), sentence, slots);
  const listed = listing(intent, sentence, slots, why, now, prior);
  if (listed) return listed;
  if (intent === 'unknown' || refersBack(intent, sentence)) {
    const before = goesOn(sentence, slots, why, now, prior);
    if (before) return before;
  }
  why.push({ slot: 'intent', rule: intent, text: sentence });
  moreSlots(intent, sentence, slots, now);
  return decide({ intent, sentence, slots, why, impossible, vague, now, prior });
}

const wordsOf = (why: readonly Why[], slot: string): string => why.find((one) => one.slot === slot)?.text ?? '';

/** Where several intents share a word, what else stands in the sentence tells which is meant. */
function settle(intent: Intent, sentence: string, slots: Slots): Intent {
  const fails = verbs.fail.test(sentence.replace(verbs.notYet, ''));
  const narrowed = fails || slots.errorKind !== undefined || slots.excludeErrorKind !== undefined;
  const asksHow =
    /怎么(?!样|了|回事|办)|哪来|取值|取自|取的|从哪|来源|来自|推到哪|写到|去哪|到哪|对应|映射|是什么|什么意思|含义|逻辑|公式|规则|为什么|为啥|生成|计算/.test(
      sentence,
    );
  if (slots.orders && asksHow && slots.field && !['金额', '数量', '日期'].includes(slots.field))
    return 'explain_mapping';
  if (intent === 'out_of_scope' && slots.orders && /删/.test(sentence) && !/所有|全部|以外|之外|都/.test(sentence))
    return 'undo';
  if (intent === 'undo' && /删/.test(sentence) && /所有|全部|以外|之外/.test(sentence)) return 'out_of_scope';
  if (intent === 'master_data' && fails) return slots.orders ? 'order_status' : 'list_failures';
  switch (intent) {
    case 'master_data':
    case 'unknown':
    case 'run_status':
    case 'report':
    case 'help':
    case 'order_status':
    case 'list_failures':
    case 'sync': {
      const codeOfField = slots.field !== undefined && /^[A-Za-z]/.test(slots.field);
      if (slots.field && asksHow && (codeOfField || ['unknown', 'help'].includes(intent))) return 'explain_mapping';
      if (intent === 'sync' && slots.field && asksHow && /哪|怎么|为什么|为啥|啥/.test(sentence))
        return 'explain_mapping';
      if (codeOfField && !slots.orders && intent !== 'master_data') return 'explain_mapping';
      break;
    }
    case 'explain_mapping':
      return intent;
  }
  const concerns = slots.start !== undefined || slots.orders !== undefined || verbs.sync.test(sentence);
  if (slots.dryRun && concerns && (intent === 'unknown' || (intent === 'report' && verbs.sync.test(sentence))))
    return 'sync';
  if (intent === 'unknown' && /进(?:了)?金蝶|在金蝶|到金蝶/.test(sentence))
    return slots.orders ? 'order_status' : 'run_status';
  if (intent === 'unknown' && slots.errorKind && /哪些|多少|几|有没有/.test(sentence)) return 'list_failures';
  if (['unknown', 'run_status', 'list_failures', 'cancel_run'].includes(intent) && slots.orders) {
    const pushes = clausesOf(sentence).some(
      (clause) =>
        verbs.sync.test(clause.replace(verbs.notYet, '').replace(verbs.fail, '')) &&
        !/[吗么没?？]$|没有$|为什么|为啥|怎么/.test(clause),
    );
    return pushes ? (fails ? 'retry' : 'sync') : 'order_status';
  }
  if (intent === 'sync' && slots.orders && /没有?[?？]?$|了吗|过去了?没|成功(?:了)?(?:吗|没)?$/.test(sentence))
    return 'order_status';
  if (intent === 'report' && fails && !/[成失]功?败?率/.test(sentence)) return 'list_failures';
  if (intent === 'report' && slots.errorKind && !slots.groupBy && /多少|几/.test(sentence) && /还有|没/.test(sentence))
    return 'list_failures';
  if (intent === 'list_failures') {
    const asked = asksWhich.test(sentence);
    const clauses = clausesOf(
      sentence
        .replace(/(?:同步|推送?|传|写入?|重试)(?:过去)?(?:都|又|还是)?失败/g, '')
        .replace(verbs.notYet, '')
        .replace(/(?:没|未)(?:有)?(?:推|同步|传|写)(?:过去|成功|进去|上|过)?/g, ''),
    );
    const pushes = clauses.some((clause) => verbs.sync.test(clause) || verbs.again.test(clause));
    if (!asked && pushes) return fails ? 'retry' : 'sync';
  }
  if (intent === 'sync' && verbs.again.test(sentence) && narrowed) return 'retry';
  if (intent === 'sync' && fails && !slots.orders) return 'retry';
  if (intent === 'retry' && slots.start && !narrowed) return 'sync';
  if (intent === 'report' && verbs.again.test(sentence)) return 'retry';
  return intent;
}

/** 「这 37 单是哪些」: the orders behind figures, of the range that was spoken of. What failed of them is a list of failures. */
function listing(
  intent: Intent,
  sentence: string,
  slots: Slots,
  why: Why[],
  now: string,
  prior: readonly Turn[],
): Understanding | null {
  const which = asksWhichOrders(intent, sentence, slots);
  if (!which && intent !== 'list_failures') return null;
  const before = slots.start ? null : turnBefore(now, prior);
  const last = meansTheLast(sentence) || (which !== null && before?.intent === 'report');
  if (last && before) {
    const { start, end, shop, warehouse, list } = before.slots;
    // What one list was narrowed to says nothing of the next figure.
    const scope = list ? { start, end } : { start, end, shop, warehouse };
    const said = Object.entries(scope).filter(([, value]) => value !== undefined);
    Object.assign(slots, { ...Object.fromEntries(said), ...slots });
  }
  if (!which || !(slots.start || last)) return null;
  const rule = { slot: 'intent', rule: 'which-orders', text: sentence };
  return { intent: 'report', slots: { ...slots, ...which }, action: 'reply', why: [...why, rule] };
}

/** 「再试一次」 after something else is about that thing. */
const refersBack = (intent: Intent, sentence: string): boolean =>
  ['sync', 'report'].includes(intent) &&
  sentence.length < 12 &&
  /^(?:那|换成|改成|还有|按|只)|呢[?？]?$/.test(sentence);

/** What is left of a sentence when slots and small words are taken away. */
function leftover(sentence: string, why: readonly Why[]): string {
  const bare = why.reduce((rest, { text }) => (text ? rest.replace(inDigits(text), '') : rest), inDigits(sentence));
  return bare
    .replace(/不存在|失败|没(?:有)?对照|按(?:店铺?|仓库?|平台|商品|原因|[天日周月])/g, '')
    .replace(
      /不是|还有|换成|改成|看看|看下|怎么样|只要|单子?|订单|[那呢的也要就只再是和,，。?？!！吧了啊呀\s]|\d{1,2}(?=号)/g,
      '',
    );
}

/** 「那9月的呢」 goes on with the intent of the turn before, and asks before it writes. */
function goesOn(
  sentence: string,
  slots: Slots,
  why: readonly Why[],
  now: string,
  prior: readonly Turn[],
): Understanding | null {
  if (leftover(sentence, why).length > 2 || (why.length === 0 && !/^按/.test(sentence))) return null;
  const before = turnBefore(now, prior);
  if (!before) return null;
  const action = writes.includes(before.intent) ? 'confirm' : before.action === 'none' ? 'reply' : before.action;
  moreSlots(before.intent, sentence, slots, now);
  const { orders: _orders, ...kept } = before.slots;
  const merged: Slots = { ...(slots.orders ? kept : before.slots), ...slots };
  // Figures by something are asked for again, and not the orders behind them.
  if (slots.groupBy) delete merged.list;
  if (before.intent === 'explain_mapping') {
    if (slots.field) delete merged.sourceField;
    if (!slots.value) delete merged.value;
  }
  if (merged.dryRun && before.intent === 'sync')
    return { intent: 'sync', slots: merged, action: 'reply', why: [...why] };
  const answered =
    action === 'clarify' && (slots.start ?? slots.orders)
      ? writes.includes(before.intent)
        ? 'confirm'
        : 'reply'
      : action;
  return {
    intent: before.intent,
    slots: merged,
    action: answered,
    why: [...why, { slot: 'intent', rule: 'follow-up', text: before.intent }],
  };
}

/** The last thing this person said that was about something, read with what had been said before it. */
function turnBefore(now: string, prior: readonly Turn[]): Understanding | null {
  const index = prior.findLastIndex(({ role }) => role === 'user');
  const turn = prior[index];
  if (!turn) return null;
  const earlier = prior.slice(0, index);
  const read = readOne(normalise(turn.text), now, earlier);
  return ['unknown', 'confirm', 'reject', 'forget'].includes(read.intent) ? turnBefore(now, earlier) : read;
}

interface Reading {
  intent: Intent;
  sentence: string;
  slots: Slots;
  why: Why[];
  impossible: boolean;
  vague: boolean;
  now: string;
  prior: readonly Turn[];
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

/** Why a sentence with a command in it is none; null when it is one. A question beside a plain request does not undo it. */
function modalityOf(intent: Intent, sentence: string): (typeof notCommands)[number]['reason'] | null {
  const ownNegation = ['pause_schedule', 'silence_alert', 'cancel_run'].includes(intent);
  const [, hypothesis, question, report] = notCommands;
  const supposed = intent === 'hold_closed' ? sentence.replace(waitingForPeriod, '') : sentence;
  if (hypothesis.words.test(supposed)) return hypothesis.reason;
  const endsAsking = /(?:吗|么|没有?)[?？]?$/.test(sentence);
  if (
    !endsAsking &&
    report.words.test(sentence) &&
    !(intent === 'retry' && /["“”「『]/.test(sentence) === false && /补好|建好|加好|弄好|修好/.test(sentence))
  )
    return report.reason;
  const acting = clausesOf(sentence).filter((clause) => intentOf(clause) !== 'unknown');
  const carrying = acting.length > 0 ? acting : [sentence];
  if (
    !ownNegation &&
    carrying.some((clause) =>
      negation.test(clause.replace(/失败|没(?:有)?(?:推|同步|传|过)?(?:成功|过去|进去|成|过|进)/g, '')),
    )
  )
    return 'negation';
  if (intent === 'hold_closed' && /(?:别|不要|不用|不必|不想)[^,，]{0,3}等/.test(sentence)) return 'negation';
  if (
    ownNegation &&
    /(?:别|不要|不用|不必)[^,，]{0,3}(?:停|关|暂停|中止|终止)/.test(sentence) &&
    !/自动跑|跑了/.test(sentence)
  )
    return 'negation';
  const asking = carrying.map((clause) =>
    clause.replace(/没(?:有)?(?:推|同步|传|过)?(?:成功|过去|进去|成|过|进)|失败/g, ''),
  );
  const last = asking.at(-1) ?? sentence;
  if (question.words.test(last)) return question.reason;
  return null;
}
