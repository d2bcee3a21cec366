/** What carrying an intent out does; from it follows who may ask for it, what has to be plain, and what is asked about first. */
export type Effect = 'reads' | 'writes' | 'settings' | 'silences' | 'talk';

export interface Intent {
  name: string;
  effect: Effect;
  /** The wider name it goes by outside: in the JSON of `understand` and `chat`. */
  as?: string;
  /** Families of which a word has to stand in what is carried out at once: the deed itself is named, never guessed. */
  verbs?: readonly string[];
  /** Families of the lexicon that say something this intent takes up. A word of another family in the sentence stays unread. */
  reads?: readonly string[];
  /** Slots that it takes; what fills another slot stays unread. */
  slots?: readonly string[];
  /** What it cannot do without; the question that goes back is `replies.ask.<name>`. */
  needs?: 'range_or_orders' | 'orders' | 'field' | 'schedule' | 'source_and_target' | 'day';
  /** Always asked about first, however plainly it is said. */
  asks?: true;
  /** Never asked about where it is plainly meant: what goes on while somebody is asked costs more than what it stops. */
  atOnce?: true;
  /** To refuse something is its nature: 「别自动跑了」, 「别响了」. */
  refuses?: true;
  /** Answered instead where the sentence only speaks of it: a statement, a complaint, a question whether it was done. */
  instead?: string;
  /** What is offered where no tool does it; what is said stands under `replies.<name>`. */
  offers?: readonly string[];
  /** Families of which a word tells that this is meant where another reading leaves it unread. */
  cues?: readonly string[];
  /** Intents about the same thing: after one of them another is likelier than by itself. */
  topic?: 'schedule' | 'alerts' | 'maps';
  /** Works for every kind of document; any other intent with a document's word in it says so and does nothing. */
  everyDocument?: true;
}

/** Families that any sentence may hold without saying more by it. */
export const courtesies: readonly string[] = ['small', 'polite', 'haste', 'time'];

export const defineIntent = (intent: Intent): Intent => intent;

/** Whether it changes something that a yes has to stand for. */
export const changes = ({ effect }: Intent): boolean => effect !== 'reads' && effect !== 'talk';
