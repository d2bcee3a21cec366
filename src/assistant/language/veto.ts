import type { Intent } from '../intents/intent.ts';
import { has, type Piece } from './piece.ts';

/** Words between a refusal and what it refuses: 「先别急着把昨天的推了」. */
const between = ['small', 'haste', 'object', 'place', 'all', 'again', 'time', 'these', 'document'];

/**
 * Whether a clause only tells of the deed, or asks about something of it: 「推这单的时候卡住了」, 「重试上限」, 「补不补都行」.
 */
export function onlyTells(pieces: readonly Piece[], { verbs = [] }: Intent): boolean {
  const deed = (piece: Piece | undefined): boolean => verbs.some((family) => has(piece, family));
  const text = pieces.map(({ value }) => value).join('');
  if (/(.)不\1.{0,3}(?:都行|都可以|都成|都好|无所谓|随便|随意)/.test(text)) return true;
  // 「又推又推，推出来一堆重复的」 complains of what came of it.
  if (/又(.{1,2})又\1|(?:推|传|跑|写|同步|重|试|补)出(?:来|了)/.test(text)) return true;
  return pieces.some((piece, at) => {
    if (!deed(piece)) return false;
    const clause = pieces.slice(at + 1, at + 1 + stopAt(pieces.slice(at + 1)));
    // 「同步给老板看一下」 passes something on to a person, and nothing into the books.
    const given = piece.value.endsWith('给') ? 0 : clause[0]?.value === '给' ? 1 : -1;
    if (given >= 0 && (clause[given]?.kind === 'person' || has(clause[given], 'somebody'))) return true;
    // 「我接过一次」, 「停了以后」
    if (clause[0]?.value === '过' || /^(?:[以之]?后|那会儿?)$/.test(clause.at(-1)?.value ?? '')) return true;
    if (has(clause[0], 'aspect') && !clause.some((one) => has(one, 'change'))) return true;
    return clause.some((one) => has(one, 'while')) && !clause.some(deed);
  });
}

const stopAt = (pieces: readonly Piece[]): number => {
  const at = pieces.findIndex(({ value }) => /^[,，。;；!！?？]$/.test(value));
  return at < 0 ? pieces.length : at;
};

/**
 * What the grammar of a clause says against doing it, whatever the scorer says: a refusal, or a putting off, right before the verb.
 * `excepted` are words that leave a part out, and refuse no more than that: 「快手的别推」.
 */
export function veto(
  pieces: readonly Piece[],
  { verbs = [], refuses, effect }: Intent,
  excepted: ReadonlySet<Piece> = new Set(),
): 'refusal' | 'deferral' | null {
  // What refuses by nature is refused by refusing its own word: 「别停」, 「先别静音」.
  const deeds = refuses ? verbs.filter((family) => family !== 'no' && family !== 'later') : verbs;
  for (const [at, piece] of pieces.entries()) {
    const against = has(piece, 'no') ? 'refusal' : has(piece, 'later') ? 'deferral' : null;
    if (!against || excepted.has(piece)) continue;
    // 「别把这次同步停了」 refuses what comes at the end, whatever it is done to.
    const through = /^[把将]$/.test(pieces[at + 1]?.value ?? '');
    for (const next of pieces.slice(at + 1)) {
      if (/^[,，。;；!！?？]$/.test(next.value)) break;
      if (deeds.some((family) => has(next, family))) return refuses && against === 'deferral' ? null : against;
      if (!through && next.kind === 'word' && !between.some((family) => has(next, family))) break;
    }
  }
  // 「今天的，明天再推」; a setting may well begin later: 「下周一开始自动同步」.
  const words = pieces.filter(({ value }) => !/^(?: |一起|一块儿?|统一|才|就|我|咱们?)$/.test(value));
  if (
    effect !== 'settings' &&
    !refuses &&
    words.some((piece, at) => isAhead(piece) && deeds.some((family) => has(words[at + 1], family)))
  )
    return 'deferral';
  // 「撤什么撤」
  if (/(.)(?:什么|啥|乜)\1/.test(pieces.map(({ value }) => value).join(''))) return 'refusal';
  return leftLying(pieces, deeds) ? 'deferral' : null;
}

const isAhead = ({ value }: Piece): boolean => /^(?:明[天早晚日儿]|后天|听日|下(?:周|个?月|礼拜|星期))/.test(value);

/** 「昨天推的先别动」: what is left lying is named by the deed, and not asked for. */
const leftLying = (pieces: readonly Piece[], deeds: readonly string[]): boolean =>
  pieces.some(
    (piece, at) =>
      has(piece, 'hold') &&
      /[别不]/.test(piece.value) &&
      !pieces.slice(at + 1).some((one) => deeds.some((family) => has(one, family))) &&
      pieces.slice(0, at).some((one) => deeds.some((family) => has(one, family))),
  );
