import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { NodeOrders, Order } from './storm-node.ts';

/** A process of nodes that can be told things, and killed. */
export class StormProcess {
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, (answer: unknown) => void>();
  #last = 0;
  #complaint = '';
  /** Why it ended though nobody ended it; null while all is well. */
  crashed: string | null = null;
  #expected = false;
  readonly #gone: Promise<void>;

  private constructor(orders: NodeOrders) {
    this.#child = fork(join(import.meta.dirname, 'storm-node.ts'), [JSON.stringify(orders)], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + String(chunk)).slice(-2000);
    });
    this.#gone = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        if (!this.#expected) this.crashed = `${signal ?? code}: ${this.#complaint}`;
        for (const settle of this.#asked.values()) settle(null);
        resolve();
      });
    });
  }

  static async start(orders: NodeOrders): Promise<StormProcess> {
    const process = new StormProcess(orders);
    await new Promise<void>((resolve, reject) => {
      process.#child.once('message', () => resolve());
      void process.#gone.then(() => reject(new Error(process.crashed ?? 'ended')));
    });
    process.#child.on('message', ({ id, answer }: { id: number; answer: unknown }) => process.#asked.get(id)?.(answer));
    return process;
  }

  /** Null when it ended before it could answer. */
  async tell<T>(order: Order): Promise<T | null> {
    this.#last += 1;
    const id = this.#last;
    return await new Promise((resolve) => {
      this.#asked.set(id, (answer) => {
        this.#asked.delete(id);
        resolve(answer as T | null);
      });
      this.#child.send({ id, order });
    });
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#expected = true;
    this.#child.kill(signal);
    await this.#gone;
  }
}
