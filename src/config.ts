import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from './errors.ts';
import { phrase } from './phrases.ts';

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

/** A PostgreSQL address, which may hold a password and is never said again. */
function databaseUrl(value: string): string {
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol))
    throw new AppError('config.database_url', 'config');
  return value;
}

type Names = Readonly<Record<string, readonly string[]>>;
type System = 'jushuitan' | 'kingdee' | 'dingtalk' | 'feishu';

const spelledIn = (env: Environment, spellings: readonly string[]): string | undefined =>
  spellings.map((name) => env[name]?.trim()).find(Boolean);

/** Says of every system what it lacks, by the plainest spelling of each name. */
function refuseHalf(env: Environment, wanted: readonly (readonly [System, Names])[]): void {
  const lacking = wanted.flatMap(([system, names]) => {
    const missing = Object.values(names).filter((spellings) => !spelledIn(env, spellings));
    const listed = [...new Set(missing.map((spellings) => spellings.at(-1)))].join('、');
    return listed ? [{ system, missing: phrase(`config.missing.${system}`, { listed }) }] : [];
  });
  const [first] = lacking;
  if (first)
    throw new AppError('config.half_set', 'config', {
      params: {
        missing: lacking.map(({ missing }) => missing).join('；'),
        instead: phrase(`config.instead.${first.system}`),
      },
    });
}

/** The values of `names`, all of them, or an error that lists those that are missing. */
function required<const T extends Names>(env: Environment, system: System, names: T): { [K in keyof T]: string } {
  refuseHalf(env, [[system, names]]);
  const values = Object.entries(names).map(([key, spellings]) => [key, spelledIn(env, spellings)]);
  return Object.fromEntries(values) as { [K in keyof T]: string };
}

const jushuitanNames = (prefix: 'QIMEN' | 'OPEN') => {
  const spelled = (name: string): string[] => [`JUSHUITAN_${prefix}_${name}`, `JUSHUITAN_${name}`];
  return { baseUrl: spelled('BASE_URL'), appKey: spelled('APP_KEY'), appSecret: spelled('APP_SECRET') };
};
const qimenNames = { ...jushuitanNames('QIMEN'), customerId: ['JUSHUITAN_CUSTOMER_ID'] };
const openNames = jushuitanNames('OPEN');

function readJushuitan(
  env: Environment,
  route: JushuitanRoute | 'both',
  signMethod: SignMethod,
): (QimenSettings | OpenSettings)[] {
  const settings: (QimenSettings | OpenSettings)[] = [];
  if (route !== 'open') {
    const own = required(env, 'jushuitan', qimenNames);
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
    const own = required(env, 'jushuitan', openNames);
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

const kingdeeSecret = { appId: ['KINGDEE_APP_ID'], appSecret: ['KINGDEE_APP_SECRET'] };
const kingdeeNames = (auth: KingdeeAuth) => ({
  baseUrl: ['KINGDEE_BASE_URL'],
  acctId: ['KINGDEE_ACCT_ID'],
  username: ['KINGDEE_USERNAME'],
  ...(auth === 'password' ? { password: ['KINGDEE_PASSWORD'] } : kingdeeSecret),
});

function readKingdee(env: Environment, auth: KingdeeAuth): KingdeeSettings {
  const { baseUrl, ...own } = required(env, 'kingdee', kingdeeNames(auth));
  const lcid = integer(env, 'KINGDEE_LCID', 2052, 99999);
  return {
    baseUrl: url('KINGDEE_BASE_URL', baseUrl),
    auth,
    ...own,
    lcid,
    orgNum: env.KINGDEE_ORG_NUM?.trim() || '100',
  };
}

/** Both systems, with all that either lacks said at once. */
function readErp(env: Environment, { route, signMethod, auth }: Config['sandbox']): NonNullable<Config['erp']> {
  refuseHalf(env, [
    ['jushuitan', { ...(route === 'open' ? {} : qimenNames), ...(route === 'qimen' ? {} : openNames) }],
    ['kingdee', kingdeeNames(auth)],
  ]);
  return { jushuitan: readJushuitan(env, route, signMethod), kingdee: readKingdee(env, auth) };
}

/** Any of these says that a channel is wanted; all of them are then needed. */
function wanted(env: Environment, ...names: string[]): boolean {
  return names.some((name) => env[name]?.trim());
}

function readDingtalk(env: Environment): Config['dingtalk'] {
  if (!wanted(env, 'DINGTALK_CLIENT_ID', 'DINGTALK_CLIENT_SECRET')) return null;
  const own = required(env, 'dingtalk', { clientId: ['DINGTALK_CLIENT_ID'], clientSecret: ['DINGTALK_CLIENT_SECRET'] });
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
  const own = required(env, 'feishu', { appId: ['FEISHU_APP_ID'], appSecret: ['FEISHU_APP_SECRET'] });
  const mode = oneOf(env, 'FEISHU_MODE', ['websocket', 'webhook'], 'websocket');
  if (mode === 'websocket' && !/^cli_[0-9a-fA-F]{16}$/.test(own.appId))
    throw new AppError('config.bad_value', 'config', { params: { name: 'FEISHU_APP_ID', allowed: 'cli_…' } });
  // A webhook without an encrypt key would take anybody's word.
  const encryptKey =
    mode === 'webhook' ? required(env, 'feishu', { key: ['FEISHU_ENCRYPT_KEY'] }).key : env.FEISHU_ENCRYPT_KEY?.trim();
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

/** Where the pipeline files are, for whoever needs nothing else of the settings. */
export const pipelinesFolder = (env: NodeJS.ProcessEnv): string => resolve(env.PIPELINES_DIR?.trim() || './pipelines');

/**
 * The environment as one validated Config; the only reader of it. Codes: `config.bad_value` (a value out of its set),
 * `config.half_set` (some but not all
 * settings of a system), `config.database_url`.
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
    ...(env.DATABASE_URL?.trim() ? { databaseUrl: databaseUrl(env.DATABASE_URL.trim()) } : {}),
    pipelinesDir: pipelinesFolder(env),
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
      ? readErp(env, { route: route === 'both' && !env.JUSHUITAN_ROUTE ? 'qimen' : route, signMethod, auth })
      : null,
    sandbox: { route, signMethod, auth },
  };
}
