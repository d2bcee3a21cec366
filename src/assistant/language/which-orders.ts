import type { Intent } from './lexicon.ts';
import type { Slots } from './slots.ts';

/** A figure, and which ones they are: 「这 37 单是哪些」, 「¥1,032.00 是哪些单」. */
const behindFigure =
  /\d\s*[单笔条元块](?:子|都|分别|具体|里)*(?:是|有)?哪(?:些|几[单个条笔])|\d\s*(?:是|有)?哪些(?:出库|订)?单/;
/** 「哪些单」, 「单子有哪些」, 「列出昨天的单」, 「单号列一下」, 「明细」. */
const orders =
  /哪(?:些|几)(?:出库|订)?单(?![量数价品])|单(?:子|号)?(?:都|分别|具体)*(?:是|有)?哪些|(?<![系序下])列[^,，。]{0,40}单(?![量数价品])|单(?:子|号|据)?[^,，。]{0,6}(?<![系序下])列|看看?[这那]些(?:出库|订)?单|^(?:给我|看看?|要|来|发|个|一下)*(?:订单|出库单|单号)?(?:明细|清单)$/;
const about = /[这那](?:些|几[单个笔条]|里)|上面|其中|刚才|里面|\d\s*[单笔条]|的是哪/;
const others = /店铺?的?$|原因|对应|对照|映射|字段|物料|客户/;
const inTarget = /成功|写(?:进|入)|进(?:了|去|金蝶)|推过去/;

/** Whether a sentence asks which orders there are or stand behind a figure; and the slots that say so. */
export function asksWhichOrders(
  intent: Intent,
  sentence: string,
  { errorKind }: Slots,
): Pick<Slots, 'list' | 'outcome'> | null {
  const figure = behindFigure.test(sentence);
  if (figure && errorKind && intent === 'list_failures') return { list: true };
  // A number before 「单」 is no code of a shop, and what was written is no order to write.
  const open = intent === 'unknown' || intent === 'report' || (figure && ['master_data', 'sync'].includes(intent));
  if (!open || others.test(sentence) || !(figure || orders.test(sentence))) return null;
  return { list: true, ...(inTarget.test(sentence) ? { outcome: 'written' as const } : {}) };
}

/** Whether it speaks of what was just said: without a range of its own it means that one. */
export function meansTheLast(sentence: string): boolean {
  return about.test(sentence);
}
