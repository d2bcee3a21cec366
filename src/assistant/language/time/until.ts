import { dayMs, hourMs, midnight, toIso, toWall } from './calendar.ts';
import { Paths } from './grammar/paths.ts';
import { Line } from './rules/line.ts';
import { scan } from './scan.ts';
import { level } from './value/level.ts';
import { hourIn, partOf } from './value/part.ts';
import { earliest, last, levelOf, type Path, path, roamsIn } from './value/path.ts';
import { settled } from './value/range.ts';

export interface Until {
  /** The instant, in Shanghai time. */
  at: string;
  /** It ends what has begun, as today or this week; a day or a week that is still to come has not. */
  begun: boolean;
  span: { from: number; to: number };
}

const furthest = 183 * dayMs;

/** The moment ahead a sentence names, 「静音到明早8点」, 「until tomorrow 9am」: the nearest that is still to come. */
export function readUntil(text: string, now: string): Until | null {
  const line = new Line(scan(text).tokens);
  const paths = new Paths(line);
  const wall = toWall(now);
  const joints = line.tokens.flatMap((token, index) => (token.kind === 'to' || token.kind === 'until' ? [index] : []));
  const starts = joints.length > 0 ? joints.map((index) => index + 1) : line.tokens.map((_, index) => index);
  for (const start of starts) {
    const found = [...paths.at(start)].sort((one, other) => other.end - one.end || one.cost - other.cost)[0];
    const at = found && momentOf(path(found.steps), wall);
    if (!found || at === null || at === undefined) continue;
    const from = line.at(joints.length > 0 ? start - 1 : start).from;
    return { at: toIso(at.at), begun: at.begun, span: { from, to: line.at(found.end - 1).to } };
  }
  return null;
}

function momentOf(said: Path, now: number): { at: number; begun: boolean } | null {
  const moment = (at: number): { at: number; begun: boolean } => ({ at, begun: false });
  const of = settled(said, 'end');
  if (!of) return null;
  const step = last(of);
  // An hour alone is the next one on a dial of twelve: 「到3点」, said at two in the afternoon, is three.
  if (of.steps.length === 1 && step.kind === 'clock' && step.part === null) {
    const rest = step.minute * 60_000 + step.second * 1000;
    const hours = step.hour <= 12 ? [step.hour, step.hour + 12, step.hour + 24] : [step.hour, step.hour + 24];
    const ahead = hours.map((hour) => midnight(now) + hour * hourMs + rest).filter((at) => at > now);
    return hourIn(null, step.hour) === null || step.minute > 59 || !ahead[0] ? null : moment(ahead[0]);
  }
  const found = earliest(of, now, (span) => span.from > now);
  // 「到9月30号」, said in October, is hardly meant to last a year.
  if (!found || (roamsIn(of) !== 0 && found.span.from - now > furthest)) return null;
  const { span } = found;
  if (step.kind === 'part' && step.name === 'noon')
    return moment(partOf('afternoon', span.from - (span.from % dayMs)).from);
  // The end of what we are in: 「到今天」, 「到本周」; and of the last day, 「到月底」.
  const ends = step.kind === 'run' || (roamsIn(of) === 0 && levelOf(of) > level.part && span.from <= now);
  const at = ends ? span.to : span.from;
  return at > now ? { at, begun: ends && span.from <= now } : null;
}
