import OpenAI from 'openai';
import { AppError } from '../../errors.ts';
import type { ModelSettings } from './limits.ts';
import { adapted, bodyOf, type Quirks, type Request, usualQuirks } from './quirks.ts';
import { errorOf, refusalOf } from './refusals.ts';
import { readStream, type Said } from './stream.ts';
import { fetchStream } from './wire.ts';

/** How a model's room for an answer grows once, when its thoughts have filled it. */
const moreRoom = 4;

export interface Asking {
  signal: AbortSignal;
  timeMs: number;
  onText?: (text: string) => void;
}

/** Speaks with one model, and remembers what its server takes: what has been refused once is not sent again. */
export class ModelClient {
  readonly #client: OpenAI;
  readonly #settings: ModelSettings;
  readonly #onError: (error: unknown, where: string) => void;
  #quirks: Quirks = usualQuirks;

  constructor(settings: ModelSettings, onError: (error: unknown, where: string) => void) {
    this.#client = new OpenAI({
      apiKey: settings.apiKey,
      ...(settings.baseUrl ? { baseURL: settings.baseUrl } : {}),
      fetch: fetchStream,
      maxRetries: 1,
      logLevel: 'off',
    });
    this.#settings = settings;
    this.#onError = onError;
  }

  /** Why it cannot be asked to use a tool; null where it can, as far as is known. */
  get toolless(): AppError | null {
    return this.#quirks.tools ? null : new AppError('model.no_tools', 'config', { params: this.#words });
  }

  /**
   * One answer. What a server does not take is left out or sent otherwise, and asked once more: each thing once.
   * Codes: `model.*`.
   */
  async ask(request: Omit<Request, 'model'>, asking: Asking): Promise<Said> {
    let learned: Partial<Quirks> = {};
    let tokens = 0;
    for (;;) {
      const quirks = { ...this.#quirks, ...learned };
      try {
        const said = await this.#once({ ...request, model: this.#settings.model }, quirks, asking);
        tokens += said.tokens;
        this.#learn({ ...learned, ...(said.endsUnbegun ? { endsUnbegun: true } : {}) });
        if (!said.cut || said.text !== '' || said.calls.length > 0) return { ...said, tokens };
        if (quirks.room >= moreRoom) throw new AppError('model.length', 'config', { params: this.#words });
        learned = { ...learned, room: moreRoom };
      } catch (error) {
        if (asking.signal.aborted) throw new AppError('model.slow', 'transient');
        const known = errorOf(error, this.#settings.model, this.#settings.apiKey);
        const refusal = refusalOf(error);
        const change = refusal && adapted(quirks, refusal, known.code);
        if (!change) throw known;
        learned = { ...learned, ...change };
      }
    }
  }

  async #once(request: Request, quirks: Quirks, { signal, timeMs, onText }: Asking): Promise<Said> {
    const body = bodyOf(request, quirks);
    const names = new Set(request.tools.map((tool) => (tool.type === 'function' ? tool.function.name : '')));
    const stream = await this.#client.chat.completions.create(body, { signal, timeout: timeMs });
    return await readStream(stream, {
      isTool: (name) => names.has(name),
      holdsThoughts: quirks.endsUnbegun,
      signal,
      onText: onText ?? (() => undefined),
    });
  }

  #learn(learned: Partial<Quirks>): void {
    const could = this.#quirks.tools;
    this.#quirks = { ...this.#quirks, ...learned };
    if (could && this.toolless) this.#onError(this.toolless, 'model');
  }

  get #words(): { model: string } {
    return { model: this.#settings.model };
  }
}
