import type { Intent } from './lexicon.ts';
import type { Slots, Why } from './slots.ts';

/** An earlier turn of this conversation. */
export interface Turn {
  role: 'user' | 'bot';
  text: string;
}

export type Action = 'run' | 'confirm' | 'clarify' | 'reply' | 'none';

export interface Understanding {
  intent: Intent;
  slots: Slots;
  action: Action;
  also?: Understanding[];
  /** Why a question goes back instead of a command being carried out. */
  ask?:
    | 'range_missing'
    | 'future'
    | 'no_such_date'
    | 'order_missing'
    | 'field_missing'
    | 'other_document'
    | 'bulk_delete'
    | 'reverse'
    | 'not_a_command';
  /** Which rule made what, for explaining and mending a wrong reading. */
  why: Why[];
}
