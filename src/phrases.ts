import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from './root.ts';

/**
 * Every word a user reads, from prompts/zh/*.yaml. A key is the file's name and the path inside it: `errors.kingdee.yaml` holds
 * `errors.kingdee.…`, `replies.yaml` holds `replies.…`.
 * Placeholders are `{name}`. Code holds keys, never sentences, so another language is another folder.
 */
const folder = join(projectRoot, 'prompts', 'zh');

function flatten(prefix: string, value: unknown, into: Map<string, string>): void {
  if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) flatten(`${prefix}.${key}`, inner, into);
  } else into.set(prefix, String(value).trim());
}

function load(): Map<string, string> {
  const phrases = new Map<string, string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    flatten(basename(file, '.yaml'), parse(readFileSync(join(folder, file), 'utf8')), phrases);
  }
  return phrases;
}

const phrases = load();

/** The phrase under `key` with its placeholders filled. An unknown key or an unfilled placeholder throws: both are our bugs. */
export function phrase(key: string, params: Record<string, string | number> = {}): string {
  const text = phrases.get(key);
  if (text === undefined) throw new Error(`no phrase ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`phrase ${key} lacks {${name}}`);
    return String(value);
  });
}

/** A prompt that is a file of its own, like `persona.md`. */
export function promptFile(name: string): string {
  return readFileSync(join(folder, name), 'utf8').trim();
}

/** Whether a phrase exists, for keys made from data (a category, an intent). */
export function hasPhrase(key: string): boolean {
  return phrases.has(key);
}

/** All keys and raw texts, for the tests and for the page, which fills its own. */
export function allPhrases(): ReadonlyMap<string, string> {
  return phrases;
}
