import { AppError } from '../../errors.ts';
import { parseExact } from '../../json.ts';
import { withRetry } from '../http.ts';
import { type AnswerError, classify, isSessionLost, saysSessionLost } from './errors.ts';
import type { Session } from './session.ts';

export interface ResponseStatus {
  IsSuccess: boolean;
  MsgCode: string;
  Errors: AnswerError[];
  SuccessEntitys: { Id?: unknown; Number?: unknown; DIndex?: unknown }[];
}

/** Operations of DynamicFormService; a lost session is renewed once, however the server wraps the news. */
export class Client {
  readonly #session: Session;
  readonly #sleep: (ms: number) => Promise<void>;

  constructor(session: Session, sleep: (ms: number) => Promise<void>) {
    this.#session = session;
    this.#sleep = sleep;
  }

  /** An operation that changes something. Codes: `kingdee.session`, `kingdee.malformed` (in_doubt), those of http.ts. */
  async act(operation: string, formid: string, data: object): Promise<ResponseStatus> {
    const value = await this.#send(operation, { formid, data }, true);
    const status = statusIn(value);
    if (!status) throw new AppError('kingdee.malformed', 'in_doubt', { category: 'transport' });
    return status;
  }

  /** Rows of a query; a refusal comes wrapped as `[[{"Result":…}]]`. Numbers are exact text. */
  async query(data: object): Promise<unknown[][]> {
    return await withRetry(
      async () => {
        const value = await this.#send('ExecuteBillQuery', { data }, false);
        const status = statusIn(value);
        if (status) throw classify(status.Errors[0] ?? {}, status.MsgCode);
        if (!Array.isArray(value) || !value.every(Array.isArray))
          throw new AppError('kingdee.malformed', 'transient', { category: 'transport' });
        return value as unknown[][];
      },
      { attempts: 4, baseMs: 500, maxMs: 8000, sleep: this.#sleep },
    );
  }

  async #send(operation: string, body: object, effect: boolean): Promise<unknown> {
    for (let renewed = false; ; renewed = true) {
      const { text, session } = await this.#session.send(operation, body, effect);
      const value = parse(text);
      const status = statusIn(value);
      const rows = Array.isArray(value) && value.every(Array.isArray);
      const lost = status ? isSessionLost(status) : !rows && saysSessionLost(text);
      if (!lost) {
        if (value === undefined)
          throw new AppError('kingdee.malformed', effect ? 'in_doubt' : 'transient', { category: 'transport' });
        return value;
      }
      this.#session.drop(session);
      if (renewed) throw new AppError('kingdee.session', 'auth', { category: 'session' });
    }
  }
}

function parse(text: string): unknown {
  try {
    const value = parseExact(text);
    return typeof value === 'string' ? parseExact(value) : value;
  } catch {
    return undefined;
  }
}

/** The ResponseStatus of an answer, wherever it is: under Result or bare, and in the `[[{…}]]` or `[{…}]` of a refused query. */
function statusIn(value: unknown): ResponseStatus | null {
  let wrapped = value;
  while (Array.isArray(wrapped)) wrapped = wrapped[0];
  if (wrapped === null || typeof wrapped !== 'object') return null;
  const result = ('Result' in wrapped ? wrapped.Result : wrapped) as {
    ResponseStatus?: Record<string, unknown>;
  } | null;
  const status = result?.ResponseStatus;
  if (!status) return null;
  return {
    IsSuccess: status.IsSuccess === true || status.IsSuccess === 'true',
    MsgCode: String(status.MsgCode ?? '0'),
    Errors: (status.Errors as AnswerError[] | null) ?? [],
    SuccessEntitys: (status.SuccessEntitys as ResponseStatus['SuccessEntitys'] | null) ?? [],
  };
}
