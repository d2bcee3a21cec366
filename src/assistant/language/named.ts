import { has, type Piece } from './piece.ts';

/** Names by their shape: what stands before 「旗舰店」 or 「仓」, a platform, a number beside 「店铺」, a surname with a title. */
export function withNames(text: string, pieces: readonly Piece[]): Piece[] {
  const named: Piece[] = [];
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index] as Piece;
    const next = pieces[index + 1];
    const end = has(piece, 'shopend') ? 'shop' : has(piece, 'houseend') ? 'warehouse' : null;
    if (end && next?.kind === 'number' && next.from === piece.to) {
      named.push({ ...next, from: piece.from, kind: end });
      index++;
      continue;
    }
    const before = named.at(-1);
    if (end && before && before.to === piece.from && before.kind === 'number') {
      named[named.length - 1] = { ...before, to: piece.to, kind: end };
      continue;
    }
    if (end) {
      let first = nameFrom(named, piece);
      if (first < named.length && beginsWithDeed(named, first, pieces.slice(index + 1))) first--;
      if (first < named.length) {
        named.splice(first, named.length, nameOf(text, end, named[first] as Piece, piece));
        continue;
      }
    }
    // 「the Tmall store」
    if (has(piece, 'platform') && next && has(next, 'shopend') && text.slice(piece.to, next.from) === ' ') {
      named.push({ ...piece, to: next.to, kind: 'shop', concepts: [], value: text.slice(piece.from, next.to) });
      index++;
      continue;
    }
    if (has(piece, 'platform') && !has(next, 'shopend')) {
      const first = /店$/.test(piece.value) ? nameFrom(named, piece) : named.length;
      if (first < named.length) {
        named.splice(first, named.length, nameOf(text, 'shop', named[first] as Piece, piece));
        continue;
      }
      // 「抖音鲜果园昨天的」
      const more = next?.kind === 'unknown' && next.from === piece.to && /^\p{L}{2,8}$/u.test(next.value) ? next : null;
      if (more || next?.kind !== 'unknown') {
        const to = more?.to ?? piece.to;
        named.push({ ...piece, to, kind: 'shop', concepts: [], value: text.slice(piece.from, to) });
        if (more) index++;
        continue;
      }
    }
    named.push(piece);
  }
  return named;
}

/** Where a name begins that ends in `end`. */
function nameFrom(named: readonly Piece[], end: Piece): number {
  let first = named.length;
  while (first > 0 && isNamePart(named[first - 1] as Piece, named[first] ?? end, named[first - 2])) first--;
  return first;
}

const nameOf = (text: string, kind: 'shop' | 'warehouse', first: Piece, last: Piece): Piece => ({
  from: first.from,
  to: last.to,
  kind,
  concepts: [],
  value: text.slice(first.from, last.to),
});

/** 「推推乐旗舰店昨天的推一下」: a deed right before a name belongs to it where another stands behind, and nothing before it. */
function beginsWithDeed(named: readonly Piece[], first: number, rest: readonly Piece[]): boolean {
  const deed = named[first - 1];
  const clear = first === 1 || /^[,，。;；!！?？\s]$/.test(named[first - 2]?.value ?? '');
  const families = ['push', 'again', 'no', 'create', 'howmany', 'which', 'ask'];
  const end = rest.findIndex(({ value }) => /^[,，。;；!！?？]$/.test(value));
  const behind = end < 0 ? rest : rest.slice(0, end);
  return (
    deed?.kind === 'word' &&
    deed.to === named[first]?.from &&
    clear &&
    ['push', 'again', 'no', 'create'].some((family) => has(deed, family)) &&
    behind.some((piece) => families.some((family) => has(piece, family)))
  );
}

/** Characters that join words and stand in no name. */
const joins = /^[的地得了把将给让对在从到往和跟与同及或是有就都也还只仅那这我你他她它个些下上去来要想请帮先再把]$/;

const isNamePart = (piece: Piece, next: Piece, before: Piece | undefined): boolean =>
  piece.to === next.from &&
  (piece.kind === 'unknown' ||
    has(piece, 'surname') ||
    piece.kind === 'shop' ||
    has(piece, 'platform') ||
    has(piece, 'region') ||
    has(piece, 'shopend') ||
    (piece.kind === 'word' &&
      piece.value.length === 1 &&
      has(piece, 'small') &&
      /[\u4e00-\u9fff]/.test(piece.value) &&
      // 「哪几家店」
      !(piece.value === '家' && /[几哪这那每各一两二三四五六七八九十\d]$/.test(before?.value ?? '')) &&
      // 「乐从仓」
      (!joins.test(piece.value) ||
        (/[从和同上下来都]/.test(piece.value) && before?.kind === 'unknown' && before.to === piece.from))) ||
    // 「青木优品京东旗舰店」, 「别墅家居店」
    (piece.kind === 'word' && has(piece, 'other') && /^[\u4e00-\u9fff]{1,3}$/.test(piece.value)) ||
    (piece.kind === 'word' &&
      piece.value.length === 1 &&
      (has(piece, 'entity.material') || has(piece, 'yes')) &&
      before?.kind === 'unknown' &&
      before.to === piece.from));
