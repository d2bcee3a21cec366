import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { intentNamed } from '../../src/assistant/intents/index.ts';
import { changes } from '../../src/assistant/intents/intent.ts';
import { understand } from '../../src/assistant/language/understand.ts';
import type { Turn, Understanding } from '../../src/assistant/language/understanding.ts';

const now = '2026-10-20T14:10:00+08:00';
const folder = join(import.meta.dirname, 'cases');

/** A sentence with what is to come of it; the format stands at the top of cases/sentences.txt. */
export interface Case {
  text: string;
  prior: string[];
  intents: string[];
  mode: string;
  slots: string;
}

export const casesOf = (table: string): Case[] =>
  readFileSync(join(folder, table), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [intents = '', mode = '', slots = '', sentence = ''] = line.split(' ; ').map((part) => part.trim());
      const turns = sentence.split(' // ');
      return { intents: intents.split('|'), mode, slots, text: turns.at(-1) ?? '', prior: turns.slice(0, -1) };
    });

/** 10-19, 2025-12-09, 10-19T14:00 */
const moment = (text: string): number =>
  Date.parse(`${/^\d{4}/.test(text) ? '' : '2026-'}${text}${text.includes('T') ? '' : 'T00:00:00'}+08:00`);
const names: Record<string, string> = {
  s: 'shop',
  x: 'excludeShop',
  e: 'errorKind',
  xe: 'excludeErrorKind',
  g: 'groupBy',
  t: 'top',
  f: 'field',
  sf: 'sourceField',
  v: 'value',
  du: 'duration',
  u: 'until',
  en: 'entity',
};

/** What is wrong with how a sentence was read; null where nothing is. */
export function complaint(one: Case, read: Understanding = readAfter(one)): string | null {
  const { intents, mode, slots } = one;
  const { slots: got, action } = read;
  const intent = intentNamed(read.intent).as ?? read.intent;
  const deed = intent === 'confirm' || changes(intentNamed(read.intent));
  if ('racntu'.includes(mode) && deed && action === 'run') return `UNSAFE ${intent}`;
  if (mode === 't') return deed && action === 'confirm' ? `offered ${intent}` : null;
  if (mode === 'a') return action === 'clarify' ? null : `had to ask, ${intent} ${action}`;
  if (mode === 'c' && action === 'clarify') return null;
  const owned = action === 'clarify' || read.ask !== undefined || read.unread !== undefined;
  if (mode === 'u') return owned || ['out_of_scope', 'watch'].includes(read.intent) ? null : `gave ${intent}`;
  if (action === 'clarify') return `asked without need (${intent})`;
  if (!intents.includes(intent)) return `intent ${intent}`;
  if (mode === 'n' || intent === 'none') return null;
  for (const part of slots.split(' ').filter(Boolean)) {
    const [name = '', want = ''] = part.split('=');
    if (name === 'd') {
      const [from = '', to = ''] = want.split('..');
      const ends = Math.min(Date.parse(got.end ?? ''), Date.parse(now));
      if (Date.parse(got.start ?? '') !== moment(from) || ends !== Math.min(moment(to), Date.parse(now)))
        return `dates ${got.start}..${got.end}`;
    } else if (name === 'o') {
      if ((got.orders ?? []).join() !== want) return `orders ${got.orders}`;
    } else if (name === 'ev' || name === 'at' || name === 'wd') {
      const key = { ev: 'every', at: 'at', wd: 'weekday' }[name] as 'every' | 'at' | 'weekday';
      if (String(got.schedule?.[key]) !== want) return `${key} ${got.schedule?.[key]}`;
    } else if (name === 'dry' || name === 'all') {
      if (got[name === 'dry' ? 'dryRun' : 'all'] !== true) return name;
    } else {
      const value = String((got as Record<string, unknown>)[names[name] ?? name] ?? '').replace(/店铺?$/, '');
      if (!want.split('|').some((one) => value !== '' && (value === one || value === one.replace(/店铺?$/, ''))))
        return `${names[name] ?? name} ${value}`;
    }
  }
  if (!slots.includes('s=') && got.shop && intent === 'sync') return `shop ${got.shop} out of nothing`;
  if (!slots.includes('o=') && got.orders && ['sync', 'retry'].includes(intent)) return `only ${got.orders}`;
  return null;
}

/** After what is written 小青 has asked for a yes; after the rest she has answered. */
function readAfter({ text, prior, slots }: Case): Understanding {
  const document = /document=(\S+)/.exec(slots)?.[1];
  const setting = { now, ...(document ? { pipelines: ['jushuitan-saleout-to-kingdee', document] } : {}) };
  const turns = prior.flatMap((said): Turn[] => {
    const { action } = understand({ text: said, ...setting });
    const answer = action === 'run' || action === 'confirm' ? '要做吗？回复「确认」或「取消」' : '好。';
    return [
      { role: 'user', text: said },
      { role: 'bot', text: answer },
    ];
  });
  return understand({ text, prior: turns, ...setting });
}
