import Keyv from 'keyv';
import type { Message } from '../channels/message.ts';
import { SqlKeyv } from '../store/keyv.ts';
import type { Sql } from '../store/sql.ts';
import type { Turn } from './language/understanding.ts';

const keptTurns = 12;
const minutes = 30;

/** What each person said last in each conversation, for half an hour: 「那前天的呢」 goes on from there, 「算了」 forgets it. */
export class Memory {
  readonly #keyv: Keyv;

  constructor(sql: Sql) {
    this.#keyv = new Keyv({ store: new SqlKeyv(sql), namespace: 'turns', ttl: minutes * 60_000 });
  }

  async turns(message: Message): Promise<Turn[]> {
    return (await this.#keyv.get<Turn[]>(keyOf(message))) ?? [];
  }

  async remember(message: Message, reply: string): Promise<void> {
    const turns: Turn[] = [
      ...(await this.turns(message)),
      { role: 'user', text: message.text.slice(0, 200) },
      { role: 'bot', text: reply.slice(0, 400) },
    ];
    await this.#keyv.set(keyOf(message), turns.slice(-keptTurns));
  }

  async forget(message: Message): Promise<void> {
    await this.#keyv.delete(keyOf(message));
  }
}

const keyOf = ({ person, conversation }: Message): string => JSON.stringify([conversation, person]);
