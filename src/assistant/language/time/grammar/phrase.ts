import type { Line } from '../rules/line.ts';
import { path } from '../value/path.ts';
import type { Kind } from '../words/word.ts';
import { best, closed, type Ground, type Item, type Phrase, past } from './item.ts';
import { count, list } from './lists.ts';
import { type Found, Paths } from './paths.ts';
import { bounded, boundedWithin, type Put, ranges, since } from './ranges.ts';

const leads: ReadonlySet<Kind> = new Set<Kind>(['from', 'between', 'in']);

/** All phrases of a line by the token they begin with. */
export class Phrases {
  private readonly ground: Ground;

  constructor(line: Line) {
    this.ground = { line, paths: new Paths(line) };
  }

  at(start: number): Phrase[] {
    const { line, paths } = this.ground;
    const token = line.at(start);
    const { kind } = token;
    const out: Phrase[] = [];
    const put: Put = (node, end, cost = 0) => out.push({ node, start, end, cost });
    if (kind === 'now' || kind === 'till-now') put({ kind: 'now' }, start + 1);
    if (kind === 'until' || (kind === 'to' && !token.latin && token.name === '')) this.upTo(start, put);
    const lead = leads.has(kind) ? start + 1 : start;
    const open = line.is(lead, 'rolling', 'alone') ? this.latest(lead, start, put) : lead;
    for (const found of best(paths.at(open))) this.follow(found, start, put);
    return out;
  }

  /** 「最近」 before a stretch says no more than that the latest is meant; alone it is unclear. */
  private latest(index: number, start: number, put: Put): number {
    const { line, paths } = this.ground;
    let at = index + 1;
    if (line.kind(at) === 'of') at += 1;
    if (line.kind(at) === 'num' && line.at(at).n === 1 && line.kind(at + 1) === 'piece') at += 2;
    for (const found of best(paths.at(index))) this.follow(found, start, put);
    put({ kind: 'path', path: path([{ kind: 'vague' }]) }, index + 1);
    return at;
  }

  /** 「截至9月30日」, 「到昨天」: only an upper bound. */
  private upTo(start: number, put: Put): void {
    const { line, paths } = this.ground;
    if (line.kind(start + 1) === 'now') put({ kind: 'now' }, closed(line, start + 2));
    for (const found of best(paths.at(start + 1)))
      put({ kind: 'before', b: path(found.steps) }, closed(line, found.end), found.cost);
  }

  /** Everything a phrase that begins with this path may go on to be. */
  private follow(found: Found, start: number, out: Put): void {
    const { ground } = this;
    const { line } = ground;
    const a = path(found.steps);
    const more = found.rest.map((step) => path([step]));
    const item: Item<typeof a> = { item: a, more, end: past(line, found.end, a), cost: found.cost };
    const put: Put = (node, end, price = item.cost) => out(node, end, price);
    const lead = line.at(start);
    if (more.length > 0) put({ kind: 'list', items: [a, ...more] }, count(line, item.end, more.length + 1));
    else {
      for (const range of ranges(ground, item)) {
        put(range.item, range.end, range.cost);
        list(ground, range, lead.kind, put);
      }
      since(ground, item, put);
      bounded(ground, item, put);
      boundedWithin(ground, item, put);
      // 「从9月5号推」, but 「从9月的单里找」, 「the ones from yesterday」.
      const ofIt = lead.name === 'en';
      const open =
        lead.kind === 'from' &&
        lead.name !== 'weak' &&
        !ofIt &&
        (lead.name === 'since' || line.kind(item.end) !== 'of');
      if (found.other) put({ kind: 'same', path: a, other: path(found.other) }, item.end);
      else if (open) put({ kind: 'since', a }, item.end);
      else put({ kind: 'path', path: a }, item.end);
    }
    list(ground, item, lead.kind, put);
  }
}
