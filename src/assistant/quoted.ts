import type { ButtonAction, Card, Quoted } from '../channels/message.ts';
import { normalise } from './language/normalise.ts';
import { readNumbers } from './language/numbers.ts';
import type { Names } from './language/pieces.ts';
import { readTime } from './language/time/read.ts';
import { understand } from './language/understand.ts';

/** What a sentence means that quotes something: other words, a press of a button of the quoted card, or what has to be asked. */
export type Meaning = { said: string } | { press: ButtonAction } | { ask: 'which' | 'button' };

/** Words that point at an order or several: 「这单」, 「这几个」, 「它」. 「这个店」 and 「这次」 point at something else. */
const pointing =
  /这(?:些|[一二两三四五六七八九十几\d]*(?:单|个|笔|条|张))(?!店|仓|客户|物料|商品|字段|功能)|(?<!应)[该此](?:订单|单|笔|条|个)|它|(?:^|把)这(?=[为怎咋是啥呢,，?？]|$)/;
/** Words about several or all, whatever is quoted. */
const ofAll = /哪|几|多少|所有|全部|都|统计|汇总/;
/** What is asked about one order where the sentence says no more than that. */
const aboutOrders = ['sync', 'retry', 'undo', 'order_status', 'list_failures', 'unknown'];
const shortest = 8;
/** What the words mean on a card that has a button for it. */
const buttons: Readonly<Record<string, string>> = {
  confirm: 'confirm',
  reject: 'reject',
  retry: 'retry-failures',
  cancel_run: 'cancel-run',
};

/** Reads a sentence with what it quotes. A quote that cannot be read never makes a sentence about one order one about all. */
export function withQuoted(text: string, quoted: Quoted, now: string, names: Names): Meaning {
  const { intent, slots } = understand({ text, now, names });
  const sentence = normalise(text);
  if (numbersIn(sentence, names).length > 0) return { said: text };
  const { spans } = readTime(sentence, now);
  const undated = spans.reduceRight((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), sentence);
  const points = pointing.test(undated);
  const bare =
    aboutOrders.includes(intent) &&
    spans.length === 0 &&
    Object.keys(slots).length === 0 &&
    !ofAll.test(sentence) &&
    (intent !== 'unknown' || sentence.length <= shortest);
  const answers = intent === 'confirm' || intent === 'reject';
  const pressed = bare || points || answers ? buttonsOf(quoted.card, buttons[intent]) : [];
  if (pressed.length > 1) return { ask: 'button' };
  if (pressed[0]) return { press: pressed[0] };
  // Every message of a thread quotes its root: only words that point mean it.
  if (!points && !(bare && !quoted.root)) return { said: text };
  const orders = ordersIn(quoted, names);
  if (orders.length === 0 || (intent === 'undo' && orders.length > 1)) return { ask: 'which' };
  return { said: `${orders.join('、')} ${text}` };
}

/** The order numbers in what is quoted. */
export const ordersIn = ({ text = '', card }: Quoted, names: Names): string[] =>
  numbersIn(normalise(card ? cardWords(card) : text), names);

const numbersIn = (text: string, { prefixes }: Names): string[] => [
  ...new Set(readNumbers(text, prefixes).flatMap(({ kind, value }) => (kind === 'order' ? [value] : []))),
];

/** The buttons of a card that do this; of several somebody has to choose. */
function buttonsOf(card: Card | undefined, name: string | undefined): ButtonAction[] {
  return (card?.buttons ?? []).map(({ action }) => action).filter((action) => action.name === name);
}

/** What stands on a card, and the orders its buttons are about. */
function cardWords({ title, blocks, buttons: all }: Card): string {
  const words = [title];
  const open: unknown[] = [blocks, all.flatMap(({ action: { args } }) => [args.order, args.orders])];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') words.push(value);
    else if (value !== null && typeof value === 'object') open.push(...Object.values(value));
  }
  return words.join(' ');
}
