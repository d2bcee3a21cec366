import type { Line } from '../rules/line.ts';
import type { Node, Range } from '../value/node.ts';
import { borrow, type Path } from '../value/path.ts';
import type { Kind } from '../words/word.ts';
import type { Phrase } from './item.ts';

/** The last path of what was said: what a correction takes its larger units from. */
function lastOf(node: Node): Path | null {
  if (node.kind === 'path' || node.kind === 'same') return node.path;
  if (node.kind === 'range') return borrow(node.a, node.b);
  if (node.kind === 'since') return node.a;
  if (node.kind === 'before') return node.b;
  if (node.kind === 'list') {
    const item = node.items[node.items.length - 1] as Path | Range;
    return 'kind' in item ? borrow(item.a, item.b) : item;
  }
  return null;
}

function inherit(from: Path, node: Node, before: Node): Node {
  // 「5号到8号，不对，到9号」
  if (node.kind === 'before' && before.kind === 'range') return { ...before, b: node.b };
  if (node.kind === 'path') return { kind: 'path', path: borrow(from, node.path) };
  if (node.kind === 'range') return { ...node, a: borrow(from, node.a) };
  if (node.kind === 'since') return { kind: 'since', a: borrow(from, node.a) };
  return node;
}

const between: ReadonlySet<Kind> = new Set<Kind>(['of', 'comma', 'mark', 'fix', 'is']);

/** 「昨天，不对，前天」, 「不是昨天，是前天」: whether what follows takes the place of what was said. */
function corrects(line: Line, first: Phrase, second: Phrase): boolean {
  let fixes = false;
  let is = false;
  let others = false;
  for (let index = first.end; index < second.start; index += 1) {
    const kind = line.kind(index);
    // 「25号的推了，不对是26号」: what was to be done may stand before the comma.
    const told = kind === 'other' && !fixes;
    if (!between.has(kind) && !told) return false;
    others ||= told;
    if (kind === 'fix' && others && line.kind(index - 1) !== 'comma' && line.kind(index - 1) !== 'mark') return false;
    // 「昨天的不对，前天的呢」 says that something is wrong, and corrects nothing.
    if (kind === 'fix' && line.kind(index - 1) === 'of' && line.kind(index + 1) !== 'is') return false;
    fixes ||= kind === 'fix';
    is ||= kind === 'is' || kind === 'comma';
  }
  return fixes || (!others && is && line.kind(first.start - 1) === 'is-not');
}

/** What was put right, by what takes its place: it takes the larger units it lacks from what was said first. */
export function revised(line: Line, phrases: readonly Phrase[]): Phrase[] {
  const out: Phrase[] = [];
  for (const phrase of phrases) {
    const before = out[out.length - 1];
    if (!before || phrase.node.kind === 'now' || !corrects(line, before, phrase)) {
      out.push(phrase);
      continue;
    }
    const from = lastOf(before.node);
    const node = from ? inherit(from, phrase.node, before.node) : phrase.node;
    const told = line.tokens.findIndex(({ kind }, at) => at >= before.end && at < phrase.start && kind === 'other');
    if (told < 0) {
      const start = line.kind(before.start - 1) === 'is-not' ? before.start - 1 : before.start;
      out[out.length - 1] = { ...phrase, start, node };
      continue;
    }
    // The words between are not time: 「4号的推一下，不对，是5号的」.
    const { start, end } = before;
    const fix = line.tokens.findIndex(({ kind }, at) => at > told && kind === 'fix');
    out[out.length - 1] = { ...phrase, start: fix, node, replaced: { start, end } };
  }
  return out;
}

/** What is taken out, 「除了今天」, 「周日除外」, is not what is asked for; its words are left to who reads exceptions. */
export const wanted = (line: Line, { start, end }: Phrase): boolean => {
  const after = line.kind(end) === 'of' ? end + 1 : end;
  return line.kind(start - 1) !== 'not' && line.kind(after) !== 'except';
};
