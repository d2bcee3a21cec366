import { timeAt } from './dates/clock.ts';
import { readDates, readUntil } from './dates/read.ts';
import { writeOut } from './dates/write.ts';
import {
  categories,
  entities,
  fieldNames,
  groups,
  type Intent,
  intents,
  notCommands,
  otherDocuments,
  writes,
} from './lexicon.ts';
import { normalise } from './normalise.ts';

export interface Slots {
  start?: string;
  end?: string;
  shop?: string;
  excludeShop?: string;
  orders?: string[];
  errorKind?: string;
  excludeErrorKind?: string;
  field?: string;
  dryRun?: boolean;
  all?: boolean;
  sourceField?: string;
  value?: string;
  groupBy?: string;
  top?: number;
  entity?: string;
  /** The code of a shop, a warehouse or a SKU, and what it is to be in the target. */
  source?: string;
  target?: string;
  duration?: string;
  until?: string;
  schedule?: { every?: string; at?: string; weekday?: number };
}

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
  /** Why a question goes back instead of a command being carried out. */
  also?: Understanding[];
  ask?:
    | 'range_missing'
    | 'future'
    | 'no_such_date'
    | 'order_missing'
    | 'field_missing'
    | 'other_document'
    | 'bulk_delete'
    | 'not_a_command';
  /** Which rule made what, for explaining and mending a wrong reading. */
  why: { slot: string; rule: string; text: string }[];
}

const orderNumber = /(?<![\d.-])(\d{7,20})(?![\d.-])/g;
const platform = '天猫|淘宝|京东|抖音|快手|拼多多|小红书|唯品会|得物';
const anyShop = `(?:${platform})(?:[\\u4e00-\\u9fa5]{0,4}?店铺?)?|[\\u4e00-\\u9fa5A-Za-z0-9]{2,10}?店铺?`;
const excludedShop = new RegExp(
  `(?:除了|除|不含|不包括|不要|排除|去掉|剔除)(${anyShop})|(${anyShop})(?:的)?(?:先|都|暂时)?(?:不要|不用|除外|别|不推|不算|不同步)`,
);
const except = /除了|除开|除去|除外|以外|之外|不包括|不含|的(?:先)?(?:不要|别|不用)/;
const shopName =
  /(?:只要|只同步|只推)?(?:店铺\s*(\d{4,8})|((?:天猫|淘宝|京东|抖音|快手|拼多多|小红书|唯品会|得物)(?:[\u4e00-\u9fa5]{0,4}店)?))/;

/** A sentence as an intent with slots. Pure: no clock but `now`, no I/O. What is only nearly a command is never action `run`. */
export function understand({ text, now, prior = [] }: Asked): Understanding {
  const [main, second] = inTwo(normalise(text));
  const one = understandOne({ text: main, now, prior });
  if (!second) return one;
  const other = understandOne({ text: second, now, prior: [] });
  return other.intent === 'unknown' || other.intent === one.intent || one.intent === 'unknown'
    ? understandOne({ text, now, prior })
    : { ...one, also: [other] };
}

interface Asked {
  text: string;
  now: string;
  prior?: readonly Turn[];
}

/** A second command after a word that joins two. */
function inTwo(sentence: string): [string, string?] {
  const joint = /[,，;；。]\s*(?:再|然后|顺便|接着|同时|另外|最后)|(?:然后|顺便|接着)/.exec(sentence);
  if (!joint || joint.index === 0) return [sentence];
  return [sentence.slice(0, joint.index), sentence.slice(joint.index + joint[0].length)];
}

/** 「那9月的呢」 goes on with the intent of the turn before. */
function inherited(sentence: string, { now, prior = [] }: Asked): Understanding | null {
  if (!/^(?:那|换成|改成|还有)|呢[?？]?$|^[^,，。]{1,12}的$/.test(sentence)) return null;
  for (const turn of [...prior].reverse()) {
    if (turn.role !== 'user') continue;
    const before = understandOne({ text: turn.text, now });
    if (before.intent !== 'unknown') return before;
  }
  return null;
}

function understandOne({ text, now, prior = [] }: Asked): Understanding {
  const sentence = normalise(text);
  const why: Understanding['why'] = [];
  const slots: Slots = {};
  const { range, impossible } = readDates(sentence, now);
  if (range) {
    Object.assign(slots, { start: range.start, end: range.end });
    why.push({ slot: 'start', rule: range.rule, text: range.text });
  }
  readSlots(sentence, slots, why);
  const matched = intents.find(({ words }) => words.test(sentence));
  let intent: Intent = matched?.intent ?? 'unknown';
  if (intent === 'unknown' && slots.dryRun) intent = 'sync';
  if (intent === 'unknown' && prior.length > 0) {
    const before = inherited(sentence, { text, now, prior });
    if (before) {
      why.push({ slot: 'intent', rule: 'follow-up', text: before.intent });
      const action = writes.includes(before.intent) ? 'confirm' : before.action === 'none' ? 'reply' : before.action;
      return { intent: before.intent, slots: { ...before.slots, ...slots }, action, why };
    }
  }
  if (intent === 'unknown' && slots.orders) intent = 'order_status';
  if (intent === 'sync' && slots.orders && /没有?[?？]?$|了吗|过去了?没/.test(sentence)) intent = 'order_status';
  if (
    intent === 'list_failures' &&
    /[推同传补](?:步|推|传|一)?/.test(sentence.replace(/没[有]?(?:推|同步|传)/g, '')) &&
    /再|重|补/.test(sentence)
  )
    intent = 'retry';
  if (
    intent === 'retry' &&
    range &&
    /重新?(?:同步|推|跑|传)|再(?:推|同步|跑)/.test(sentence) &&
    !slots.errorKind &&
    !/失败|没过|没成功|报错/.test(sentence)
  )
    intent = 'sync';
  moreSlots(intent, sentence, slots, now);
  if (matched) why.push({ slot: 'intent', rule: matched.intent, text: matched.words.exec(sentence)?.[0] ?? '' });
  const done = (action: Action, ask?: Understanding['ask']): Understanding => ({
    intent,
    slots,
    action,
    ...(ask ? { ask } : {}),
    why,
  });

  if (intent === 'out_of_scope') return done('reply', /删|清空/.test(sentence) ? 'bulk_delete' : undefined);
  if (intent === 'unknown' && notCommands[0].words.test(sentence)) {
    intent = 'none';
    return done('none');
  }
  if (intent === 'unknown') return done('clarify');
  if (!writes.includes(intent))
    return intent === 'explain_mapping' && !slots.field && !slots.sourceField
      ? done('clarify', 'field_missing')
      : done('reply');
  if (intent === 'confirm') return done('confirm');
  if (intent === 'set_master_data') return done('confirm');

  const modality = notCommands.find(
    ({ reason, words }) => !(intent === 'pause_schedule' && reason === 'negation') && words.test(sentence),
  );
  if (modality && !slots.dryRun) {
    why.push({ slot: 'action', rule: modality.reason, text: modality.words.exec(sentence)?.[0] ?? '' });
    if (modality.reason === 'negation') {
      intent = 'none';
      return done('none');
    }
    if (intent === 'sync' && modality.reason === 'question') intent = 'run_status';
    return intent === 'run_status' ? done('reply') : done('clarify', 'not_a_command');
  }
  if (otherDocuments.test(sentence)) return done('clarify', 'other_document');
  if (impossible) return done('clarify', 'no_such_date');
  if (slots.start && Date.parse(slots.start) > Date.parse(now)) return done('clarify', 'future');
  if (intent === 'sync' && !range && !slots.orders) return done('clarify', 'range_missing');
  if (intent === 'undo') return slots.orders ? done('confirm') : done('clarify', 'order_missing');
  if (slots.excludeErrorKind) return done('confirm');
  return done(slots.dryRun ? 'reply' : 'run');
}

function readSlots(sentence: string, slots: Slots, why: Understanding['why']): void {
  const put = <K extends keyof Slots>(slot: K, value: Slots[K], rule: string): void => {
    if (value === undefined || slots[slot] !== undefined) return;
    slots[slot] = value;
    why.push({ slot, rule, text: String(value) });
  };
  const numbers = [...sentence.matchAll(orderNumber)]
    .map((match) => match[1] ?? '')
    .filter((digits) => !/^20\d{6}$/.test(digits) || /单/.test(sentence));
  if (numbers.length > 0) put('orders', numbers, 'order-number');
  const excluded = excludedShop.exec(sentence);
  put('excludeShop', excluded?.[1] ?? excluded?.[2], 'excluded-shop');
  const shop = shopName.exec(excluded ? sentence.replace(excluded[0], '') : sentence);
  put('shop', shop?.[1] ?? shop?.[2], 'shop');
  const category = categories.find(({ words }) => words.test(sentence))?.category;
  put(except.test(sentence) && !excluded ? 'excludeErrorKind' : 'errorKind', category, 'category');
  put(
    'field',
    /\b(F_?[A-Za-z][A-Za-z_]{2,})/.exec(sentence)?.[1] ??
      /\b((?:items\.)?[a-z]+_[a-z_]+)\b/.exec(sentence)?.[1] ??
      fieldNames.find((name) => sentence.includes(name)),
    'field',
  );
  if (/预览|试(?:一下|跑)|先看看|不要真|别真/.test(sentence)) put('dryRun', true, 'dry-run');
}

const clockText = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
const unitLetter = (word: string): string => (/分/.test(word) ? 'm' : /天|日/.test(word) ? 'd' : 'h');

/** Slots that only some intents have. */
function moreSlots(intent: string, sentence: string, slots: Slots, now: string): void {
  const digits = writeOut(sentence.replace(/每/g, '\u0001'));
  if (intent === 'list_failures' || intent === 'report') {
    const group = groups.find(({ words }) => words.test(sentence));
    if (group) slots.groupBy = group.by;
    const top = /(?:前|top\s*)(\d{1,2})(?![天日个周月小分])/i.exec(digits);
    if (top) slots.top = Number(top[1]);
  }
  if (intent === 'master_data' || intent === 'set_master_data') {
    const entity = entities.find(({ words }) => words.test(sentence));
    if (entity) slots.entity = entity.entity;
    const codes = [...sentence.matchAll(/[A-Za-z0-9][\w.-]{1,30}/g)]
      .map(([code]) => code)
      .filter((code) => /\d/.test(code));
    if (codes[0]) slots.source = codes[0];
    if (codes[1]) slots.target = codes[1];
  }
  if (intent === 'explain_mapping') {
    if (slots.field && /^[a-z]/.test(slots.field)) {
      slots.sourceField = slots.field;
      delete slots.field;
    }
    const value = /(?:是|等于|变成)\s*(\d+(?:\.\d+)?)/.exec(sentence)?.[1];
    if (value) slots.value = value;
  }
  if (intent === 'retry' && /全部|所有|都|统统/.test(sentence)) slots.all = true;
  if (intent === 'silence_alert') {
    const length = /(\d+|半)个?(分钟|小时|钟头|天)/.exec(digits);
    if (length?.[2]) slots.duration = length[1] === '半' ? '30m' : `${length[1]}${unitLetter(length[2])}`;
    const until = /到(.+)$/.exec(sentence)?.[1];
    const moment = until ? readUntil(until, now) : null;
    if (moment) slots.until = moment;
  }
  if (intent === 'set_schedule') slots.schedule = readSchedule(digits);
}

function readSchedule(digits: string): NonNullable<Slots['schedule']> {
  const schedule: NonNullable<Slots['schedule']> = {};
  const often = /\u0001隔?(\d+|半)?个?(分钟|小时|钟头)/.exec(digits);
  const weekday = /\u0001(?:周|星期|礼拜)([1-7日天])/.exec(digits)?.[1];
  if (often?.[2]) schedule.every = often[1] === '半' ? '30m' : `${often[1] ?? 1}${unitLetter(often[2])}`;
  else if (weekday) Object.assign(schedule, { every: 'week', weekday: /[日天]/.test(weekday) ? 7 : Number(weekday) });
  else if (/\u0001个?月/.test(digits)) schedule.every = 'month';
  else if (/\u0001(?:天|日|早|晚)/.test(digits)) schedule.every = 'day';
  for (let index = 0; index < digits.length; index += 1) {
    const time = timeAt(digits, index);
    if (!time?.point) continue;
    schedule.at = clockText(time.from);
    break;
  }
  return schedule;
}
