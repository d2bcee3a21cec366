import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from './errors.ts';

export type JushuitanRoute = 'qimen' | 'open';
export type SignMethod = 'md5' | 'hmac' | 'hmac-sha256';
export type KingdeeAuth = 'signature' | 'app-secret' | 'login-sign' | 'password';

export interface QimenSettings {
  route: 'qimen';
  baseUrl: string;
  appKey: string;
  appSecret: string;
  targetAppKey: string;
  customerId: string;
  signMethod: SignMethod;
}

export interface OpenSettings {
  route: 'open';
  baseUrl: string;
  appKey: string;
  appSecret: string;
  accessToken?: string;
  refreshToken?: string;
}

export interface KingdeeSettings {
  baseUrl: string;
  auth: KingdeeAuth;
  acctId: string;
  username: string;
  password?: string;
  appId?: string;
  appSecret?: string;
  lcid: number;
  orgNum: string;
}

export interface DingtalkSettings {
  clientId: string;
  clientSecret: string;
  robotCode: string;
  /** `https://api.dingtalk.com` */
  apiBase: string;
  /** `https://oapi.dingtalk.com` */
  oapiBase: string;
  cardTemplateId?: string;
  /** Calls a second the platform grants the app; it depends on the plan. */
  qps: number;
}

export interface FeishuSettings {
  appId: string;
  appSecret: string;
  /** `https://open.feishu.cn`, without a slash at the end. */
  domain: string;
  mode: 'websocket' | 'webhook';
  encryptKey?: string;
  verificationToken?: string;
}

export interface Config {
  port: number;
  host: string;
  publicUrl?: string;
  apiToken?: string;
  role: 'all' | 'bot' | 'worker';
  logLevel: string;
  dataDir: string;
  databaseUrl?: string;
  pipelinesDir: string;
  rolesFile?: string;
  /** Null = off. */
  dingtalk: DingtalkSettings | null;
  feishu: FeishuSettings | null;
  alertsFile?: string;
  /** Null without a key. */
  model: { apiKey: string; baseUrl?: string; model: string } | null;
  /** Null in both = the sandbox. */
  erp: { jushuitan: (QimenSettings | OpenSettings)[]; kingdee: KingdeeSettings } | null;
  /** How the sandbox is spoken to, where somebody wants to see another route or authentication. */
  sandbox: { route: JushuitanRoute | 'both'; signMethod: SignMethod; auth: KingdeeAuth };
}

type Environment = Readonly<Record<string, string | undefined>>;

const oneOf = <const T extends string>(env: Environment, name: string, allowed: readonly T[], fallback: T): T => {
  const value = env[name]?.trim() || fallback;
  const found = allowed.find((item) => item === value);
  if (found === undefined)
    throw new AppError('config.bad_value', 'config', { params: { name, allowed: allowed.join('、') } });
  return found;
};

const integer = (env: Environment, name: string, fallback: number, max: number): number => {
  const parsed = z.coerce
    .number()
    .int()
    .min(0)
    .max(max)
    .safeParse(env[name]?.trim() || fallback);
  if (!parsed.success) throw new AppError('config.bad_value', 'config', { params: { name, allowed: `0–${max}` } });
  return parsed.data;
};

const url = (name: string, value: string): string => {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    throw new AppError('config.bad_value', 'config', { params: { name, allowed: 'http(s)://…' } });
  }
  return value.replace(/\/+$/, '');
};

/** The values of `names`, all of them, or an error that lists those that are missing. */
function required<const T extends Record<string, readonly string[]>>(
  env: Environment,
  names: T,
): { [K in keyof T]: string } {
  const values = Object.entries(names).map(
    ([key, spellings]) => [key, spellings.map((name) => env[name]?.trim()).find(Boolean)] as const,
  );
  const missing = values.filter(([, value]) => value === undefined).map(([key]) => names[key]?.at(-1) ?? key);
  if (missing.length > 0) throw new AppError('config.half_set', 'config', { params: { missing: missing.join('、') } });
  return Object.fromEntries(values) as { [K in keyof T]: string };
}

function readJushuitan(
  env: Environment,
  route: JushuitanRoute | 'both',
  signMethod: SignMethod,
): (QimenSettings | OpenSettings)[] {
  const settings: (QimenSettings | OpenSettings)[] = [];
  const spelled = (prefix: string, name: string): string[] => [`JUSHUITAN_${prefix}_${name}`, `JUSHUITAN_${name}`];
  if (route !== 'open') {
    const own = required(env, {
      baseUrl: spelled('QIMEN', 'BASE_URL'),
      appKey: spelled('QIMEN', 'APP_KEY'),
      appSecret: spelled('QIMEN', 'APP_SECRET'),
      customerId: ['JUSHUITAN_CUSTOMER_ID'],
    });
    const targetAppKey = env.JUSHUITAN_TARGET_APP_KEY?.trim() || '23060081';
    settings.push({
      route: 'qimen',
      ...own,
      baseUrl: url('JUSHUITAN_BASE_URL', own.baseUrl),
      targetAppKey,
      signMethod,
    });
  }
  if (route !== 'qimen') {
    const own = required(env, {
      baseUrl: spelled('OPEN', 'BASE_URL'),
      appKey: spelled('OPEN', 'APP_KEY'),
      appSecret: spelled('OPEN', 'APP_SECRET'),
    });
    const accessToken = env.JUSHUITAN_ACCESS_TOKEN?.trim();
    const refreshToken = env.JUSHUITAN_REFRESH_TOKEN?.trim();
    settings.push({
      route: 'open',
      ...own,
      baseUrl: url('JUSHUITAN_BASE_URL', own.baseUrl),
      ...(accessToken ? { accessToken } : {}),
      ...(refreshToken ? { refreshToken } : {}),
    });
  }
  return settings;
}

const secretsOf: Record<KingdeeAuth, Record<string, readonly string[]>> = {
  signature: { appId: ['KINGDEE_APP_ID'], appSecret: ['KINGDEE_APP_SECRET'] },
  'app-secret': { appId: ['KINGDEE_APP_ID'], appSecret: ['KINGDEE_APP_SECRET'] },
  'login-sign': { appId: ['KINGDEE_APP_ID'], appSecret: ['KINGDEE_APP_SECRET'] },
  password: { password: ['KINGDEE_PASSWORD'] },
};

function readKingdee(env: Environment, auth: KingdeeAuth): KingdeeSettings {
  const { baseUrl, acctId, username, ...secrets } = required(env, {
    baseUrl: ['KINGDEE_BASE_URL'],
    acctId: ['KINGDEE_ACCT_ID'],
    username: ['KINGDEE_USERNAME'],
    ...secretsOf[auth],
  }) as Record<string, string> & { baseUrl: string; acctId: string; username: string };
  const lcid = integer(env, 'KINGDEE_LCID', 2052, 99999);
  return {
    baseUrl: url('KINGDEE_BASE_URL', baseUrl),
    auth,
    acctId,
    username,
    ...secrets,
    lcid,
    orgNum: env.KINGDEE_ORG_NUM?.trim() || '100',
  };
}

/** Any of these says that a channel is wanted; all of them are then needed. */
function wanted(env: Environment, ...names: string[]): boolean {
  return names.some((name) => env[name]?.trim());
}

function readDingtalk(env: Environment): Config['dingtalk'] {
  if (!wanted(env, 'DINGTALK_CLIENT_ID', 'DINGTALK_CLIENT_SECRET')) return null;
  const own = required(env, { clientId: ['DINGTALK_CLIENT_ID'], clientSecret: ['DINGTALK_CLIENT_SECRET'] });
  const cardTemplateId = env.DINGTALK_CARD_TEMPLATE_ID?.trim();
  return {
    ...own,
    robotCode: env.DINGTALK_ROBOT_CODE?.trim() || own.clientId,
    apiBase: url('DINGTALK_API_BASE', env.DINGTALK_API_BASE?.trim() || 'https://api.dingtalk.com'),
    oapiBase: url('DINGTALK_OAPI_BASE', env.DINGTALK_OAPI_BASE?.trim() || 'https://oapi.dingtalk.com'),
    ...(cardTemplateId ? { cardTemplateId } : {}),
    qps: Math.max(1, integer(env, 'DINGTALK_QPS', 20, 1000)),
  };
}

function readFeishu(env: Environment): Config['feishu'] {
  if (!wanted(env, 'FEISHU_APP_ID', 'FEISHU_APP_SECRET')) return null;
  const own = required(env, { appId: ['FEISHU_APP_ID'], appSecret: ['FEISHU_APP_SECRET'] });
  const mode = oneOf(env, 'FEISHU_MODE', ['websocket', 'webhook'], 'websocket');
  if (mode === 'websocket' && !/^cli_[0-9a-fA-F]{16}$/.test(own.appId))
    throw new AppError('config.bad_value', 'config', { params: { name: 'FEISHU_APP_ID', allowed: 'cli_…' } });
  // A webhook without an encrypt key would take anybody's word.
  const encryptKey =
    mode === 'webhook' ? required(env, { key: ['FEISHU_ENCRYPT_KEY'] }).key : env.FEISHU_ENCRYPT_KEY?.trim();
  const verificationToken = env.FEISHU_VERIFICATION_TOKEN?.trim();
  return {
    ...own,
    domain: url('FEISHU_DOMAIN', env.FEISHU_DOMAIN?.trim() || 'https://open.feishu.cn'),
    mode,
    ...(encryptKey ? { encryptKey } : {}),
    ...(verificationToken ? { verificationToken } : {}),
  };
}

/** Names that choose a manner, not a system: setting only these still means the sandbox. */
const manners = new Set([
  'JUSHUITAN_ROUTE',
  'JUSHUITAN_SIGN_METHOD',
  'JUSHUITAN_TARGET_APP_KEY',
  'KINGDEE_AUTH',
  'KINGDEE_LCID',
  'KINGDEE_ORG_NUM',
]);

/**
 * The environment as one validated Config; the only reader of it. Codes: `config.bad_value` (a value out of its set),
 * `config.half_set` (some but not all of the ERP settings).
 */
export function readConfig(env: Environment): Config {
  const route = oneOf(env, 'JUSHUITAN_ROUTE', ['qimen', 'open', 'both'], 'both');
  const signMethod = oneOf(env, 'JUSHUITAN_SIGN_METHOD', ['md5', 'hmac', 'hmac-sha256'], 'md5');
  const auth = oneOf(env, 'KINGDEE_AUTH', ['signature', 'app-secret', 'login-sign', 'password'], 'signature');
  const realErp = Object.entries(env).some(
    ([name, value]) => /^(JUSHUITAN|KINGDEE)_/.test(name) && !manners.has(name) && value?.trim(),
  );
  const optional = (key: string, name: string): Record<string, string> =>
    env[name]?.trim() ? { [key]: env[name].trim() } : {};
  return {
    port: integer(env, 'PORT', 3000, 65535),
    host: env.HOST?.trim() || '127.0.0.1',
    ...(env.PUBLIC_URL?.trim() ? { publicUrl: url('PUBLIC_URL', env.PUBLIC_URL.trim()) } : {}),
    ...optional('apiToken', 'API_TOKEN'),
    role: oneOf(env, 'ROLE', ['all', 'bot', 'worker'], 'all'),
    logLevel: oneOf(env, 'LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info'),
    dataDir: resolve(env.DATA_DIR?.trim() || './data'),
    ...optional('databaseUrl', 'DATABASE_URL'),
    pipelinesDir: resolve(env.PIPELINES_DIR?.trim() || './pipelines'),
    ...optional('rolesFile', 'ROLES_FILE'),
    dingtalk: readDingtalk(env),
    feishu: readFeishu(env),
    ...optional('alertsFile', 'ALERTS_FILE'),
    model: env.OPENAI_API_KEY?.trim()
      ? {
          apiKey: env.OPENAI_API_KEY.trim(),
          ...(env.OPENAI_BASE_URL?.trim() ? { baseUrl: url('OPENAI_BASE_URL', env.OPENAI_BASE_URL.trim()) } : {}),
          model: env.OPENAI_MODEL?.trim() || 'deepseek-chat',
        }
      : null,
    erp: realErp
      ? {
          jushuitan: readJushuitan(env, route === 'both' && !env.JUSHUITAN_ROUTE ? 'qimen' : route, signMethod),
          kingdee: readKingdee(env, auth),
        }
      : null,
    sandbox: { route, signMethod, auth },
  };
}
