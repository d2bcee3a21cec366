import type { Token } from '../token.ts';
import type { Level } from '../value/level.ts';
import type { Step } from '../value/step.ts';
import type { Kind } from '../words/word.ts';

/** What a rule finds: steps, where they end, and how much it dislikes its own reading (see ranking.ts). */
export interface Match {
  steps: readonly Step[];
  end: number;
  cost: number;
  /** Further ones of the last step's kind: 「七八月」, 「周一二三」. */
  rest?: readonly Step[];
}

/** `held`: how large the stretch before it is, 0 where nothing stands before. */
export type Rule = (line: Line, index: number, held: Level | 0, out: Match[]) => unknown;

/** The plain outcome of a rule: one step. */
export const add = (out: Match[], step: Step, end: number, cost = 0): number => out.push({ steps: [step], end, cost });

const beyond: Token = { kind: 'other', n: 0, name: '', latin: false, from: -1, to: -1, digits: 0 };

/** The tokens of a sentence, with an end that never comes to an end. */
export class Line {
  /** Rules tried so far: what a long sentence may cost is counted in these. */
  work = 0;
  readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  at(index: number): Token {
    return this.tokens[index] ?? beyond;
  }

  kind(index: number): Kind {
    return (this.tokens[index] ?? beyond).kind;
  }

  is(index: number, kind: Kind, name: string): boolean {
    const token = this.at(index);
    return token.kind === kind && token.name === name;
  }

  /** Nothing stands between a token and the next. */
  glued(index: number): boolean {
    const [one, other] = [this.tokens[index], this.tokens[index + 1]];
    return one !== undefined && other !== undefined && one.to === other.from;
  }
}
