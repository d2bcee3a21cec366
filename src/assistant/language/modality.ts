import { clausesOf, intentOf, negation, takenBack } from './clauses.ts';
import { type Intent, notCommands, waitingForPeriod } from './lexicon.ts';
/** Why a sentence with a command in it is none; null when it is one. A question beside a plain request does not undo it. */
export function modalityOf(intent: Intent, sentence: string): (typeof notCommands)[number]['reason'] | null {
  const ownNegation = ['pause_schedule', 'silence_alert', 'cancel_run'].includes(intent);
  if (!ownNegation && takenBack(sentence)) return 'negation';
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
