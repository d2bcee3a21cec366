import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edits } from './edits.ts';
import { AppError } from './errors.ts';
import { phrase } from './phrases.ts';
import { projectRoot } from './root.ts';
import { withoutUnseen } from './unseen.ts';

/** A comment, a setting (its value in quotes or to the end, a `#` after a blank beginning a comment), or neither. */
const form =
  /^[^\S\n]*(?:#.*|(?:export\s+)?(?<name>[\w.-]+)[^\S\n]*=[^\S\n]*(?:(?<quote>["'`])(?<quoted>(?:(?!\k<quote>)[\s\S])*)\k<quote>[^\S\n]*(?:#.*)?|(?<bare>.*?)[^\S\n]*(?<comment>(?<=\s)#.*)?)|(?<neither>.*))$/gm;

/** The systems whose settings stand under a name of their own: any other name there is a mistake. */
const ours = /^(?:JUSHUITAN|KINGDEE|DINGTALK|FEISHU)_/;

/**
 * Puts the settings of `.env` in the current folder into `env`, where what is set outside wins, and returns what is odd about
 * them, a sentence each. Codes: `config.env_unreadable`, `config.env_encoding`.
 */
export function readEnvFile(env: Record<string, string | undefined>): string[] {
  const { settings, remarks } = parsed(textOf('.env'));
  if (settings.size === 0 && existsSync('.env.txt')) remarks.push(phrase('env.text_ending'));
  for (const [name, value] of settings) env[name] ??= value;
  const known = [...parsed(textOf(join(projectRoot, '.env.example'))).settings.keys()];
  if (known.length === 0) return remarks;
  for (const [name, value] of Object.entries(env)) {
    if (known.includes(name) || !value?.trim() || !(settings.has(name) || ours.test(name))) continue;
    const near = nearest(name.toUpperCase(), known);
    if (near) remarks.push(phrase('env.misspelt', { name, near }));
    else if (ours.test(name)) remarks.push(phrase('env.unknown', { name }));
  }
  return remarks;
}

/** The known name that this one is most likely meant for: at most two letters away, a short one less. */
function nearest(name: string, known: readonly string[]): string | undefined {
  return known
    .map((one) => ({ one, away: edits(one, name) }))
    .filter(({ one, away }) => away <= Math.min(2, Math.floor(one.length / 4)))
    .sort((a, b) => a.away - b.away)[0]?.one;
}

/** UTF-8, or UTF-16 where the byte-order mark says so; nothing where there is no such file. */
function textOf(file: string): string {
  if (!existsSync(file)) return '';
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new AppError('config.env_unreadable', 'config', { cause });
  }
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // neither, as one with a NUL
  }
  throw new AppError('config.env_encoding', 'config');
}

function parsed(text: string): { settings: Map<string, string>; remarks: string[] } {
  const lines = text.split(/\r\n?|\n/);
  const clean = lines.map(withoutUnseen);
  const settings = new Map<string, string>();
  const unread: number[] = [];
  const cut: string[] = [];
  const joined = clean.join('\n');
  for (const { index, groups = {} } of joined.matchAll(form)) {
    const { name, quoted, bare = '', comment, neither } = groups;
    if (name) settings.set(name, quoted ?? bare);
    if (name && bare && comment) cut.push(name);
    if (neither) unread.push(joined.slice(0, index).split('\n').length);
  }
  const unseen = lines.flatMap((line, index) => (line === clean[index] ? [] : [index + 1]));
  const told = (key: string, places: (string | number)[]): string[] =>
    places.length === 0 ? [] : [phrase(`env.${key}`, { places: places.join('、') })];
  return { settings, remarks: [...told('unread', unread), ...told('unseen', unseen), ...told('comment', cut)] };
}
