import { has, type Piece } from './piece.ts';

/** Base data that go by no concept of their own. */
const others = [
  ['supplier', /供应商|厂商|supplier|vendor/i],
  ['department', /部门|department/i],
  ['salesman', /业务员|销售员|salesm[ae]n/i],
  ['organization', /组织|organi[sz]ation|\borgs?\b/i],
  ['unit', /计量单位|\bunits?\b/i],
] as const;

/** Which kind of base data a sentence is about, where no concept says it. */
export const otherEntity = (text: string): string | undefined => others.find(([, words]) => words.test(text))?.[0];

const quoted = /[“"「『']([^“”"「」『』']{1,40})[”"」』']/;
/** What stands before and behind a name when one asks for it, and what is no name by itself. */
const before =
  /^(?:请|search|find|look|for|called|named|there|have|any|KD|查|搜|找|揾|检|索|下|哈|看|叫|名|称|带|含|姓|有|在|是|真|要|问|到|底|类似|似|上)+/i;
const behind =
  /(?:档案|资料|清单|列表|编码|全名|规格|型号|存|底|建|开头?|两|俩|二|三|字|料|个|位|过|那|主|物|code|name|相近|清理|exists?|active|starting|master|purchasing asks)+$/i;

/**
 * What is searched for: a text in quotes; a code, a shop or a warehouse; else the longest name that nobody knows, without the words
 * one asks with.
 */
export function soughtName(text: string, pieces: readonly Piece[]): string | null {
  const inQuotes = quoted.exec(text)?.[1]?.trim();
  if (inQuotes) return inQuotes;
  const named = pieces.find(({ kind }) => ['code', 'number', 'order', 'shop', 'warehouse'].includes(kind));
  if (named) return named.value.replace(/^.*called\s+/i, '');
  return stretchesOf(text, pieces)
    .map((stretch) => stretch.trim().replace(before, '').replace(behind, '').trim())
    .filter((name) => name.length >= 2 && !otherEntity(name))
    .reduce<string | null>((longest, name) => (name.length > (longest?.length ?? 0) ? name : longest), null);
}

/** Words that are of no family a question for base data is made of, together where they stand together. */
function stretchesOf(text: string, pieces: readonly Piece[]): string[] {
  const stretches: { from: number; to: number }[] = [];
  for (const piece of pieces) {
    if (piece.kind !== 'unknown' && piece.kind !== 'person' && !isName(piece)) continue;
    const last = stretches.at(-1);
    if (last?.to === piece.from) last.to = piece.to;
    else stretches.push({ from: piece.from, to: piece.to });
  }
  return stretches.map(({ from, to }) => text.slice(from, to));
}

/** Words that stand in the names of shops and goods: 「超市」, 「旗舰」, a surname. */
const isName = (piece: Piece): boolean =>
  piece.kind === 'word' &&
  ['other', 'surname', 'shopend', 'filter'].some((family) => has(piece, family)) &&
  !has(piece, 'field');
