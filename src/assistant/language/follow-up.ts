import { type Intent, writes } from './lexicon.ts';
import { inDigits, normalise } from './normalise.ts';
import { moreSlots, type Slots, type Why } from './slots.ts';
import type { Turn, Understanding } from './understanding.ts';
import { asksWhichOrders, meansTheLast } from './which-orders.ts';

/** What was said before, and how it is read. */
export interface Spoken {
  now: string;
  prior: readonly Turn[];
  read: (sentence: string, prior: readonly Turn[]) => Understanding;
}

/** 「这 37 单是哪些」: the orders behind figures, of the range that was spoken of. What failed of them is a list of failures. */
export function listing(
  intent: Intent,
  sentence: string,
  slots: Slots,
  why: Why[],
  spoken: Spoken,
): Understanding | null {
  const which = asksWhichOrders(intent, sentence, slots);
  if (!which && intent !== 'list_failures') return null;
  const before = slots.start ? null : turnBefore(spoken);
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
export const refersBack = (intent: Intent, sentence: string): boolean =>
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
export function goesOn(sentence: string, slots: Slots, why: readonly Why[], spoken: Spoken): Understanding | null {
  if (leftover(sentence, why).length > 2 || (why.length === 0 && !/^按/.test(sentence))) return null;
  const before = turnBefore(spoken);
  if (!before) return null;
  const action = writes.includes(before.intent) ? 'confirm' : before.action === 'none' ? 'reply' : before.action;
  moreSlots(before.intent, sentence, slots, spoken.now);
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
function turnBefore({ now, prior, read }: Spoken): Understanding | null {
  const index = prior.findLastIndex(({ role }) => role === 'user');
  const turn = prior[index];
  if (!turn) return null;
  const earlier = prior.slice(0, index);
  const understood = read(normalise(turn.text), earlier);
  const aboutNothing = ['unknown', 'confirm', 'reject', 'forget'].includes(understood.intent);
  return aboutNothing ? turnBefore({ now, prior: earlier, read }) : understood;
}
