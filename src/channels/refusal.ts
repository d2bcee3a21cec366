import { SendError, type SendFailure, type SendReason } from './channel.ts';

type Meaning = readonly [reason: SendReason, recoverable: boolean];

const busy: Meaning = ['server_error', true];
const limited: Meaning = ['rate_limited', true];
/** The next try has a fresh one. */
const staleToken: Meaning = ['auth', true];
const forbidden: Meaning = ['auth', false];

/** Of the platforms' own error tables. */
const codes: Readonly<Record<string, Meaning>> = {
  // DingTalk: busy; too fast; token gone; a robot's keyword, signature or address check; a robot that is none
  '-1': busy,
  '130101': limited,
  '40001': staleToken,
  '40014': staleToken,
  '42001': staleToken,
  '310000': forbidden,
  '300005': forbidden,
  // Feishu: too fast (four spellings); token gone; no permission; a robot's signature, address or keyword check
  '9499': limited,
  '11232': limited,
  '230020': limited,
  '99991400': limited,
  '99991661': staleToken,
  '99991663': staleToken,
  '99991668': staleToken,
  '99991672': forbidden,
  '19021': forbidden,
  '19022': forbidden,
  '19024': forbidden,
};

interface Refused {
  status: number;
  /** The platform's own, where it gave one: both refuse in HTTP 200. */
  code?: string | number | undefined;
  /** For limits: the platform's hint, or what is usual. */
  retryAfterMs?: number | undefined;
}

/** What a platform's refusal means, in one place for every sender: by its own code, else by the HTTP status. */
export function meaning({ status, code = status, retryAfterMs }: Refused): SendFailure {
  const [reason, recoverable] = codes[String(code)] ?? byStatus(status, String(code));
  return { reason, recoverable, ...(retryAfterMs && reason === 'rate_limited' ? { retryAfterMs } : {}) };
}

export function refusal(refused: Refused): SendError {
  const { status, code = status } = refused;
  const named = /^[\w.-]{1,60}$/.test(String(code));
  return new SendError(named ? `code ${code}` : `status ${status}`, meaning(refused));
}

/** DingTalk's OpenAPI says its limits with 403. */
function byStatus(status: number, code: string): Meaning {
  if (status === 429 || (status === 403 && /qps|throttl|limit/i.test(code))) return limited;
  if (status === 401) return staleToken;
  if (status === 403) return forbidden;
  if (status === 408 || status >= 500) return busy;
  return ['client_error', false];
}
