import { readDates } from './dates.ts';
import { categories, fieldNames, type Intent, intents, notCommands, otherDocuments, writes } from './lexicon.ts';
import { normalise } from './normalise.ts';

export interface Slots {
  start?: string;
  end?: string;
  shop?: string;
  excludeShop?: string;
  orders?: string[];
  errorKind?: string;
  field?: string;
  dryRun?: boolean;
}

export type Action = 'run' | 'confirm' | 'clarify' | 'reply' | 'none';

export interface Understanding {
  intent: Intent;
  slots: Slots;
  action: Action;
  /** Why a question goes back instead of a command being carried out. */
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
const excludedShop =
  /(?:除了|不含|不要|排除)([\u4e00-\u9fa5A-Za-z0-9]{2,10}?店铺?)|([\u4e00-\u9fa5A-Za-z0-9]{2,10}?店铺?)(?:的)?(?:先)?(?:不要|除外|别)/;
const shopName =
  /(?:只要|只同步|只推)?(?:店铺\s*(\d{4,8})|((?:天猫|淘宝|京东|抖音|快手|拼多多|小红书|唯品会|得物)(?:[\u4e00-\u9fa5]{0,4}店)?))/;

/** A sentence as an intent with slots. Pure: no clock but `now`, no I/O. What is only nearly a command is never action `run`. */
export function understand({ text, now }: { text: string; now: string }): Understanding {
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
  if (intent === 'unknown' && slots.orders) intent = 'order_status';
  if (matched) why.push({ slot: 'intent', rule: matched.intent, text: matched.words.exec(sentence)?.[0] ?? '' });
  const done = (action: Action, ask?: Understanding['ask']): Understanding => ({
    intent,
    slots,
    action,
    ...(ask ? { ask } : {}),
    why,
  });

  if (intent === 'bulk_delete') return done('clarify', 'bulk_delete');
  if (intent === 'unknown') return done('clarify');
  if (!writes.includes(intent))
    return intent === 'explain_mapping' && !slots.field ? done('clarify', 'field_missing') : done('reply');
  if (intent === 'confirm') return done('confirm');

  const modality = notCommands.find(({ words }) => words.test(sentence));
  if (modality) {
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
  return done('run');
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
  put('errorKind', categories.find(({ words }) => words.test(sentence))?.category, 'category');
  put(
    'field',
    /\b(F_?[A-Za-z][A-Za-z_]{2,})/.exec(sentence)?.[1] ??
      /\b((?:items\.)?[a-z]+_[a-z_]+)\b/.exec(sentence)?.[1] ??
      fieldNames.find((name) => sentence.includes(name)),
    'field',
  );
  if (/预览|试(?:一下|跑)|先看看/.test(sentence)) put('dryRun', true, 'dry-run');
}
