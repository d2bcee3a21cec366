import { AppError } from '../../errors.ts';
import { parseExact } from '../../json.ts';
import { withRetry } from '../http.ts';
import { type AnswerError, classify, isSessionLost, messageIn, saysSessionLost, sessionEnded } from './errors.ts';
import type { Session } from './session.ts';

export interface ResponseStatus {
  IsSuccess: boolean;
  MsgCode: string;
  Errors: AnswerError[];
  SuccessEntitys: { Id?: unknown; Number?: unknown; DIndex?: unknown }[];
}

/** The server's own page. */
export const pageRows = 2000;

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
    const status = this.#statusIn(value);
    if (!status) throw new AppError('kingdee.malformed', 'in_doubt', { category: 'transport' });
    for (const error of status.Errors) this.#logged(classify(error, status.MsgCode), operation);
    return status;
  }

  /** Rows of a query; a refusal comes wrapped as `[[{"Result":…}]]`. Numbers are exact text. */
  async query(data: object): Promise<unknown[][]> {
    return await withRetry(
      async () => {
        const value = await this.#send('ExecuteBillQuery', { data }, false);
        const status = this.#statusIn(value);
        if (status) throw this.#logged(classify(status.Errors[0] ?? {}, status.MsgCode), 'ExecuteBillQuery');
        if (!Array.isArray(value) || !value.every(Array.isArray))
          throw new AppError('kingdee.malformed', 'transient', { category: 'transport' });
        return value as unknown[][];
      },
      { attempts: 4, baseMs: 500, maxMs: 8000, sleep: this.#sleep },
    );
  }

  /** All rows of a query, as the server pages them. */
  async *pages(data: object): AsyncIterable<unknown[][]> {
    for (let StartRow = 0; ; StartRow += pageRows) {
      const page = await this.query({ ...data, TopRowCount: 0, StartRow, Limit: pageRows });
      if (page.length > 0) yield page;
      if (page.length < pageRows) return;
    }
  }

  async #send(operation: string, body: object, effect: boolean): Promise<unknown> {
    for (let renewed = false; ; renewed = true) {
      const { text, session } = await this.#session.send(operation, body, effect);
      const value = parse(text);
      const status = this.#statusIn(value);
      const rows = Array.isArray(value) && value.every(Array.isArray);
      const lost = status ? isSessionLost(status) : !rows && saysSessionLost(text);
      if (!lost) {
        if (value === undefined)
          throw new AppError('kingdee.malformed', effect ? 'in_doubt' : 'transient', { category: 'transport' });
        return value;
      }
      this.#session.drop(session);
      if (renewed) {
        const message = status ? (status.Errors[0]?.Message ?? '') : this.#session.clean(messageIn(text));
        throw this.#logged(sessionEnded(message), operation);
      }
    }
  }

  #logged(error: AppError, operation: string): AppError {
    this.#session.log(error, `kingdee.${operation}`);
    return error;
  }

  #statusIn(value: unknown): ResponseStatus | null {
    const status = statusIn(value);
    const cleaned = (error: AnswerError): AnswerError =>
      error.Message === undefined ? error : { ...error, Message: this.#session.clean(String(error.Message ?? '')) };
    return status && { ...status, Errors: status.Errors.map(cleaned) };
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
