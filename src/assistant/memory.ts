import Keyv from 'keyv';
import type { Message } from '../channels/message.ts';
import { SqlKeyv } from '../store/keyv.ts';
import type { Sql } from '../store/sql.ts';
import { type DialogueState, nothingSaid } from './language/dialogue.ts';
import type { Turn } from './language/understanding.ts';
import type { Listed } from './lists.ts';
import type { Heard } from './misreads.ts';

const keptTurns = 12;
const keptHeard = 4;
const minutes = 30;

export interface Remembered {
  state: DialogueState;
  /** The last turns in words, for a model. */
  turns: readonly Turn[];
  /** The last sentences as they were read. */
  heard: readonly Heard[];
  /** What was listed last: 「下一页」, 「导出」 are about it. */
  list: Listed | null;
}

const nothing: Remembered = { state: nothingSaid, turns: [], heard: [], list: null };

/** Where the talk with each person in each conversation stands, for half an hour: 「那前天的呢」 goes on from there. */
export class Memory {
  readonly #keyv: Keyv;

  constructor(sql: Sql) {
    this.#keyv = new Keyv({ store: new SqlKeyv(sql), namespace: 'dialogue', ttl: minutes * 60_000 });
  }

  async recall(message: Message): Promise<Remembered> {
    return { ...nothing, ...(await this.#keyv.get<Remembered>(keyOf(message))) };
  }

  /** `heard`: the sentence as it was read; null for what is no sentence of its own. */
  async keep(
    message: Message,
    { turns, heard: before }: Remembered,
    { state, reply, heard, list }: Pick<Remembered, 'state' | 'list'> & { reply: string; heard: Heard | null },
  ): Promise<void> {
    const said: Turn[] = [
      ...turns,
      // A pressed button has no words.
      ...(message.text ? [{ role: 'user' as const, text: message.text.slice(0, 200) }] : []),
      { role: 'bot', text: reply.slice(0, 400) },
    ];
    const kept = [...before, ...(heard ? [heard] : [])].slice(-keptHeard);
    await this.#keyv.set(keyOf(message), { state, turns: said.slice(-keptTurns), heard: kept, list });
  }
}

const keyOf = ({ person, conversation }: Message): string => JSON.stringify([conversation, person]);
