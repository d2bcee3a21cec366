import type { Piece } from './piece.ts';
import type { Slots } from './slots.ts';

/** What people ask who did it, by the first word that says it. */
const deeds = [
  ['map', /对照|对应|映射|mapping/i],
  ['schedule', /定时|自动跑|每小时|小时跑|几点跑|cron|schedule/i],
  ['alert', /静(?:的)?音|告警|提醒|报警|mute/i],
  ['stop', /刹车|全停|停写|急停|停(?:掉|的|了|止)?同步|紧急|kill/i],
  ['date', /日期|改期|挪|记到|记账|入账/],
  ['retry', /重试|retry/i],
  ['undo', /撤|放回|revers/i],
  ['sync', /推|同步|写进|写入|backfill|sync|trigger|push|writ/i],
  ['map', /客户|编码|customer/i],
] as const;

const who = /谁|哪个|哪位|何人|边个|有人|who/i;
const mine = /(?<![把给帮让害跟和替被为])我(?!们|的?单|在[^ ]{0,3}处|这)/;

/** Whose deeds are asked for, and of which kind. 「我」 is who asks, where nobody else is asked for. */
export function readDeeds(text: string, pieces: readonly Piece[]): Pick<Slots, 'person' | 'what'> {
  const person =
    pieces.find(({ kind }) => kind === 'person')?.value ?? (mine.test(text) && !who.test(text) ? '我' : undefined);
  const what = deeds.find(([, words]) => words.test(text))?.[0];
  return { ...(person ? { person } : {}), ...(what ? { what } : {}) };
}
