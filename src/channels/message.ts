/** All the assistant knows of channels: a message in, a neutral reply out. Each channel renders it with what it has. */

export interface Message {
  /** `web:<name>`, `terminal:<user>`, `dingtalk:<staffId>`, `feishu:<open_id>`. */
  person: string;
  /** `web:<id>`, `terminal:<id>`, `dingtalk:<conversationId>`, `feishu:<chat_id>`. Group and private alike. */
  conversation: string;
  /** Nobody else reads this conversation. */
  private?: true;
  /** What the platform calls the person, where it says so. */
  name?: string;
  text: string;
  /** When it was said, by the platform's clock; what has waited somewhere says so. */
  saidAt?: Date;
  /** A pressed button or a filled form instead of words. */
  action?: ButtonAction;
  /** The message it answers by quoting it. */
  quoted?: Quoted;
}

/** What a message quotes. */
export interface Quoted {
  /** Its words, where somebody could read them. */
  text?: string;
  /** What the platform calls it: by this it is looked up. */
  ref?: string;
  /** The card of ours that it is, as it was last sent. */
  card?: Card;
  /** There is one, and nobody can tell what it says. */
  unreadable?: true;
  /** The root of a thread, which every message of the thread quotes, meant or not. */
  root?: true;
}

/** What a pressed button means: a tool with arguments, or an answer to a pending confirmation. Never trusted: checked again. */
export interface ButtonAction {
  name: string;
  args: Record<string, string>;
  /** What was filled in beside a pressed submit button, by field name. */
  filled?: Record<string, string>;
}

export interface Button {
  label: string;
  style: 'primary' | 'default' | 'danger';
  action: ButtonAction;
  /** What to type where buttons cannot be pressed: 「回复 确认」. */
  say: string;
}

export type Block =
  | { type: 'text'; text: string }
  | { type: 'link'; text: string; path: string }
  | { type: 'fields'; fields: Field[] }
  | { type: 'table'; columns: string[]; rows: string[][]; omitted?: number }
  | { type: 'progress'; done: number; total: number | null; text: string }
  | { type: 'counts'; counts: { label: string; value: number; tone: Tone }[] }
  /** Figures as a picture; `unit` stands behind a value: 「单」. Where there are no pictures, figures. */
  | { type: 'chart'; kind: 'bar' | 'line'; title: string; labels: string[]; values: number[]; unit: string };

export interface Field {
  label: string;
  value: string;
  /** Whom the value begins with, by id: a platform that knows the person shows its own name. */
  person?: string;
  /** The person's name elsewhere. */
  name?: string;
}

export interface FormField {
  /** The argument of the submit button's tool that it fills. */
  name: string;
  label: string;
  placeholder?: string;
  /** A choice of these instead of free text. */
  options?: { label: string; value: string }[];
}

/** Fields to fill in on the card, and the button that hands them in: what was filled in joins its arguments by name. */
export interface Form {
  fields: FormField[];
  submit: Button;
}

export type Tone = 'neutral' | 'good' | 'warn' | 'bad';

export interface Card {
  /** Stable while the card moves: an update with the same id replaces it. */
  id: string;
  title: string;
  tone: Tone;
  blocks: Block[];
  buttons: Button[];
  form?: Form;
  /** Its last state. Where the card cannot be moved any more, this one is said as a message of its own. */
  ended?: true;
  /** Small print: who may press, how long it holds, 「沙箱数据」. */
  note?: string;
}

/** Adds small print to a card that does not have it yet. */
export function noteOn(card: Card, note: string): void {
  if (note !== '' && !card.note?.includes(note)) card.note = [card.note, note].filter(Boolean).join(' · ');
}

export interface Reply {
  /** The whole answer in words, readable without the card. */
  text: string;
  card?: Card;
}
