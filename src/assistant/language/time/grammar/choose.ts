import type { Outcome } from '../value/node.ts';
import { head, last, type Path, path } from '../value/path.ts';
import type { Phrase } from './item.ts';

export interface Read extends Phrase {
  outcome: Outcome;
  /** Where its characters stand. */
  from: number;
  to: number;
}

export interface Choice {
  chosen: Read | null;
  /** Also time, and without a say: 「今天把昨天的推了」. */
  also: readonly Read[];
}

const clauseEnd = /[,，。;；!！?？\n]/;
const attributive = /的(?!时候|时|话)|啲|嘅/;
const orders = /^\s*(?:的|啲|嘅|那|这|出库|订单|单|失败|漏|没推|未推|order)/i;

/** Whether the words behind a phrase, up to the next one or the clause's end, say it is about the orders of that time. */
function ofOrders(text: string, one: Read, next: Read | undefined): boolean {
  const behind = text.slice(one.to, Math.min(next?.from ?? text.length, one.to + 24));
  const stop = clauseEnd.exec(behind);
  const clause = stop ? behind.slice(0, stop.index) : behind;
  return orders.test(clause) || attributive.test(clause);
}

const todays = (of: Path): boolean => {
  const first = head(of);
  return first.kind === 'near' && first.unit === 'day' && first.n === 0;
};

/** Today and its hours: when it is to be done rather than what is meant, as long as something else is meant. */
function isToday({ node }: Read): boolean {
  return node.kind === 'path' && todays(node.path) && last(path(node.path.steps)).kind !== 'clock';
}

/**
 * The stretch that is meant, of all that were said. One alone is it; said twice it is one. Where one is of orders (「昨天的」) it is
 * that one, as long as the others only say today. Anything else is several.
 */
export function choose(text: string, reads: readonly Read[]): Choice | 'several' {
  const said = reads.filter(({ node }) => node.kind !== 'now');
  const nows = reads.filter(({ node }) => node.kind === 'now');
  const [first] = said;
  if (!first) return { chosen: null, also: [] };
  const same = said.every(
    ({ outcome }) =>
      outcome.span?.from === first.outcome.span?.from &&
      outcome.span?.to === first.outcome.span?.to &&
      outcome.ask === first.outcome.ask,
  );
  if (same) return { chosen: first, also: [...said.slice(1), ...nows] };
  const impossible = said.find(({ outcome }) => outcome.ask === 'no_such_date' || outcome.ask === 'no_such_clock');
  if (impossible) return { chosen: impossible, also: [] };
  const rest = said.filter((one, index) => !isToday(one) || ofOrders(text, one, said[index + 1]));
  const others = said.filter((one) => !rest.includes(one));
  if (rest.length === 1 && rest[0]) return { chosen: rest[0], also: [...others, ...nows] };
  const theirs = rest.filter((one) => ofOrders(text, one, said[said.indexOf(one) + 1]));
  const [only] = theirs;
  // The others are left unread: 「昨天推的9月的单」 is not simply September. 「明天元旦」 is one day, said in two ways.
  return theirs.length === 1 && only && rest.every((one) => one === only || (aside(one) && !touches(one, only)))
    ? { chosen: only, also: [...others, ...nows] }
    : 'several';
}

const touches = (one: Read, other: Read): boolean => one.to === other.from || other.to === one.from;

/** A day near by, or nothing clear: said beside the stretch that is meant. */
function aside({ node, outcome }: Read): boolean {
  if (outcome.ask === 'vague') return true;
  if (node.kind !== 'path') return false;
  const first = head(node.path);
  return first.kind === 'near' && first.unit === 'day';
}
