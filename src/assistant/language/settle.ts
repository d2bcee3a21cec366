import { clausesOf } from './clauses.ts';
import { type Intent, verbs } from './lexicon.ts';
import type { Slots } from './slots.ts';

/** Words that ask for something to be told. */
export const asksWhich = /怎么办|哪些|多少|几[单个条]|原因|明细|列表|汇总|统计|为什么|为啥|有没有|什么|看|查|吗|情况/;

/** Where several intents share a word, what else stands in the sentence tells which is meant. */
export function settle(intent: Intent, sentence: string, slots: Slots): Intent {
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
