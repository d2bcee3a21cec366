import type { Piece } from './piece.ts';
import type { Act, Ranking } from './scorer.ts';
import type { Slots } from './slots.ts';

/** An earlier turn of this conversation. */
export interface Turn {
  role: 'user' | 'bot';
  text: string;
}

/**
 * What is done about a sentence: `run` carries it out, `confirm` shows it and waits for a yes, `clarify` asks back or says why it cannot
 * be done, `reply` only reads and answers, `none` deliberately does nothing.
 */
export type Action = 'run' | 'confirm' | 'clarify' | 'reply' | 'none';

/** Why a question goes back, or a command is not carried out; its words are `replies.ask.<name>`. */
export type Ask =
  | 'range_missing'
  | 'orders_missing'
  | 'field_missing'
  | 'schedule_missing'
  | 'mapping_missing'
  | 'day_missing'
  | 'which_order'
  | 'future'
  | 'no_such_date'
  | 'no_such_clock'
  | 'run_together'
  | 'several'
  | 'vague'
  | 'open_start'
  | 'reversed'
  | 'long_past'
  | 'other_document'
  | 'reverse'
  | 'bulk_delete'
  | 'unread'
  | 'not_a_command'
  | 'deferred'
  | 'conditional'
  | 'hearsay'
  | 'nothing_open'
  | 'nothing_before'
  | 'unknown_metric'
  | 'thanked'
  | 'noted'
  | 'which_reading'
  | 'unknown';

export interface Understanding {
  intent: string;
  slots: Slots;
  action: Action;
  ask?: Ask;
  /** The range that is asked about, where it is not taken. */
  asked?: { start: string; end: string };
  /** Words of the sentence that nothing took up, or that name a figure nobody can give: they are shown with the question. */
  unread?: string[];
  /** The likeliest readings, where it was not clear which is meant. */
  readings?: string[];
  also?: Understanding[];
  /** How it came to this, for `understand --why`. */
  why: Why;
}

export interface Why {
  text: string;
  pieces: readonly Piece[];
  intents: Ranking;
  acts: Ranking<Act>;
  time?: string;
  rule: string;
}
