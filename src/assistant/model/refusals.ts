import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { AppError, type ErrorKind } from '../../errors.ts';
import { phrase } from '../../phrases.ts';
import { neutral } from './prose/neutral.ts';
import { asText } from './tool-call.ts';

/** What a server said instead of an answer. */
export interface Refusal {
  /** 0 where it came inside a stream. */
  status: number;
  /** All that it said, with code, type and parameter. */
  said: string;
  /** Its sentence. */
  sentence: string;
}

const longest = 2000;

/** Null for what is no refusal: nobody there, or a stream that broke. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof APIError) || error instanceof APIConnectionError || error instanceof APIUserAbortError)
    return null;
  const body = error.error as { message?: unknown } | string | undefined;
  const sentence = typeof body === 'object' ? (body.message ?? body) : (body ?? error.message);
  return {
    status: error.status ?? 0,
    said: (body === undefined ? error.message : JSON.stringify(body)).slice(0, longest),
    sentence: asText(sentence).slice(0, longest),
  };
}

interface Cause {
  code: string;
  kind: ErrorKind;
  words?: RegExp;
  status?: readonly number[];
  /** Where the words mean something else. */
  not?: readonly number[];
}

/**
 * What servers mean, the first that fits: by their words, since their status differs (no money is 402, 403, 429 or 400), then by
 * status. Collected from what DeepSeek, 通义千问, 豆包, Kimi, 智谱, OpenAI, 硅基流动, One API, vLLM, Ollama and llama.cpp answer.
 */
const causes: readonly Cause[] = [
  {
    code: 'model.no_tools',
    kind: 'config',
    words:
      /(?:does not|doesn't|do not|not|without|no endpoints found that) support(?:ed|ing)?[^.]{0,30}\b(?:tools?|functions?)\b|\b(?:tools?|function[ _-]?call(?:s|ing)?)\b[^.]{0,40}(?:not supported|unsupported|not available|not enabled)|tool[ _-]choice[^.]{0,30}requires|tools param requires|unsupported[^.]{0,20}\btools\b|(?:unrecognized|unknown|unexpected)[^.]{0,20}(?:argument|parameter|field)[^.]{0,20}\b(?:tools|functions)\b|不支持[^。]{0,10}(?:工具|函数|tools|function)/i,
    not: [401, 402, 403, 429],
  },
  {
    code: 'model.balance',
    kind: 'auth',
    words:
      /insufficient[ _-]?(?:user[ _-]?|account[ _-]?)?(?:quota|balance|funds?|credits?)|(?:balance|credits?)[^.]{0,30}(?:insufficient|not enough|too low|exhausted|depleted)|arrear|overdue|good standing|recharge|plan and billing|billing (?:details|hard limit)|payment required|free[ _-]?tier[^.]{0,40}exhausted|exceeded[_ ](?:your )?current[_ ](?:token )?quota|余额|欠费|充值|额度[^。]{0,6}(?:不足|用完|用尽|耗尽)|资源包/i,
    status: [402],
  },
  {
    code: 'model.context',
    kind: 'data',
    words:
      /context[ _-]?(?:length|window|size)|maximum (?:context|prompt|input) length|(?:prompt|input|messages?|request|content)\b[^.]{0,40}too (?:long|large)|model token limit|range of input length|too many (?:input )?tokens|reduce the length|string_above_max_length|max(?:imum)?[^.]{0,12}input tokens|(?:prompt|输入|上下文|提示词|内容)[^。]{0,8}(?:过长|超长|太长|超出|超过)/i,
    status: [413],
    not: [429],
  },
  {
    code: 'model.content',
    kind: 'data',
    words:
      /content[ _-]?(?:filter|policy|management)|sensitive|inappropriate|data_?inspection|high risk|moderation|prompt_blocked|敏感|不安全|违规|风险/i,
    not: [401, 402],
  },
  {
    code: 'model.key',
    kind: 'auth',
    words:
      /(?:invalid|incorrect|wrong|bad|expired|no|missing)[ _-](?:api[ _-]?key|authentication|access token|token)|api[ _-]?key\b[^.]{0,40}(?:invalid|incorrect|missing|not valid|expired|revoked|required)|authentication[ _]?(?:fails?|failed|error)|invalid_api_key|unauthori[sz]ed|login fail|身份验证|鉴权失败|(?:密钥|令牌)[^。]{0,8}(?:无效|错误|不存在|过期|不可用)/i,
    status: [401],
  },
  {
    code: 'model.name',
    kind: 'config',
    words:
      /model[ _-]?(?:not[ _-]?(?:found|exist|open)|is not)|model\b[^.]{0,80}(?:does not|doesn't|not) exist|model\b[^.]{0,80}not (?:found|loaded|available)|no such model|not found the model|unknown model|invalid model|incorrect model|not activated|no models loaded|try pulling it|InvalidEndpoint|ModelNotOpen|endpoint\b[^.]{0,30}(?:does not exist|closed)|no available channel|模型[^。]{0,20}(?:不存在|未找到|无效|未开通|错误)|无可用渠道/i,
    not: [401, 429],
  },
  {
    code: 'model.no_access',
    kind: 'auth',
    words: /access denied|permission|not authorized|unsupported_country|无权|没有权限|权限不足/i,
    status: [403],
  },
  {
    code: 'model.rate',
    kind: 'rate_limited',
    words:
      /rate[ _-]?limit|too many requests|throttl|requests? per (?:minute|day)|tokens? per (?:minute|day)|concurren|quota|并发|频率|限流|限速|请求过多/i,
    status: [429],
  },
  {
    code: 'model.busy',
    kind: 'transient',
    words: /overload|server (?:is )?busy|at capacity|insufficient_system_resource|繁忙|负载/i,
    status: [503, 529],
  },
  {
    code: 'model.address',
    kind: 'config',
    words: /not_json|invalid url|page not found|no route|<html/i,
    not: [500, 502, 503, 504],
  },
  { code: 'model.address', kind: 'config', status: [404, 405] },
  {
    code: 'model.parameter',
    kind: 'config',
    words:
      /unsupported (?:parameter|value)|unrecognized request argument|unknown (?:field|name|parameter)|extra (?:inputs|fields)|invalid[ _]?parameter|not permitted|参数/i,
    not: [500, 502, 503, 504],
  },
];

/** A refusal as an error of ours, with what a person can do. */
export function errorOf(error: unknown, model: string, secret: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError)
    return new AppError('model.slow', 'transient');
  if (error instanceof APIConnectionError) {
    const reason = reasonOf(error);
    if (droppedConnection.has(reason)) return new AppError('model.cut', 'transient', { cause: error });
    return new AppError('model.unreachable', 'transient', { params: { reason } });
  }
  const refusal = refusalOf(error);
  // Whatever else happens while an answer is read: a line that broke, or bytes that are none of the protocol.
  if (!refusal) return error instanceof SyntaxError ? new AppError('model.garbled', 'config') : brokenOff(error);
  const { status, said, sentence } = refusal;
  const words = redacted(sentence, secret);
  const found = causes.find((cause) => fits(cause, refusal));
  const other = status >= 500 ? 'model.server' : 'model.refused';
  return new AppError(found?.code ?? other, found?.kind ?? (status >= 500 ? 'transient' : 'config'), {
    params: { model, status: status || 200, name: parameterIn(said), said: neutral(words) },
    cause: new Error(`HTTP ${status || 200} ${words}`),
  });
}

const fits = ({ words, status: codes = [], not = [] }: Cause, { status, said }: Refusal): boolean =>
  codes.includes(status) || (!not.includes(status) && words !== undefined && words.test(said));

/** It was there, and hung up. */
const droppedConnection = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const brokenOff = (error: unknown): AppError => new AppError('model.cut', 'transient', { cause: error });

/** Down the causes to the system's own code: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
function reasonOf(error: Error): string {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
  }
  return phrase('model.no_reason');
}

/** The parameter a server names, where it does. */
function parameterIn(said: string): string {
  const named =
    /"param":\s*"([\w.[\]]+)"/.exec(said) ??
    /['`]([a-z_]+)['`]/.exec(said) ??
    /(?:argument|parameter|field)s?[^:"']{0,20}:\s*([a-z_]+)/i.exec(said);
  return named?.[1] ?? '?';
}

/** A server's own words for the log: without keys, numbers of people and accounts, and never long. */
export function redacted(said: string, secret: string): string {
  return (secret === '' ? said : said.replaceAll(secret, '***'))
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')
    .replace(/\b(?:sk|ak|org|acc|Bearer)[-_ ][\w*.-]{4,}/gi, '***')
    .replace(/[\w.+-]+@[\w-]+\.[\w.]+/g, '***')
    .replace(/https?:\/\/[^\s"'<>()\\]+/g, '***')
    .replace(/\d{9,}/g, '***')
    .replace(/\b(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{24,}\b/g, '***')
    .slice(0, 200);
}
