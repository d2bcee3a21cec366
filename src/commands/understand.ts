import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { intentNamed } from '../assistant/intents/index.ts';
import { normalise } from '../assistant/language/normalise.ts';
import type { Piece } from '../assistant/language/piece.ts';
import { rangeSaid, readTime } from '../assistant/language/time/read.ts';
import { understand as read } from '../assistant/language/understand.ts';
import type { Turn, Understanding } from '../assistant/language/understanding.ts';
import { pipelinesFolder } from '../config.ts';
import { filesOf } from '../folder-files.ts';
import { projectRoot } from '../root.ts';
import { loadPipelines, type Pipeline, pipelineEndings } from '../sync/pipeline.ts';
import { options, print } from './ports.ts';

interface Line {
  id: string;
  text: string;
  now?: string;
  prior?: Turn[];
  names?: { shops?: string[]; warehouses?: string[] };
}

/**
 * `understand [--dates | --why]`: JSONL in, JSONL out; `--why` prints how each came about instead. Pure: no network, no store, no model;
 * the files of PIPELINES_DIR say which documents there are.
 */
export async function understand(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { dates, why } = options(args, { dates: 'boolean', why: 'boolean' });
  const enabled = enabledPipelines(pipelinesFolder(env));
  const pipelines = enabled.map(({ id }) => id);
  const prefixes = enabled.map(({ bill_number }) => bill_number.prefix);
  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const { id, text, now = new Date().toISOString(), prior, names } = JSON.parse(line) as Line;
    if (dates) {
      const range = rangeSaid(readTime(normalise(text), now));
      print(JSON.stringify({ id, start: range?.start ?? null, end: range?.end ?? null }));
      continue;
    }
    const understood = read({
      text,
      now,
      ...(prior ? { prior } : {}),
      names: { shops: names?.shops ?? [], warehouses: names?.warehouses ?? [], prefixes },
      pipelines,
    });
    print(why ? tree(text, understood) : JSON.stringify({ id, ...shown(understood) }));
  }
  return 0;
}

/** The pipelines whose files say that they may run; where there are no files yet, of those that are shipped. */
function enabledPipelines(folder: string): Pipeline[] {
  const { names } = filesOf(folder, pipelineEndings);
  return loadPipelines(names.length > 0 ? folder : join(projectRoot, 'pipelines')).filter(({ enabled }) => enabled);
}

function shown({ intent, slots, action, also }: Understanding): object {
  // What a mapping is to be goes by the name that a field's value has.
  const said = intent === 'set_master_data' && slots.target ? { ...slots, value: slots.target } : slots;
  return { intent: intentNamed(intent).as ?? intent, slots: said, action, ...(also ? { also: also.map(shown) } : {}) };
}

const spanOf = ({ kind, value, concepts }: Piece): string => `${value}/${kind === 'word' ? concepts.join('+') : kind}`;

/** The reading of a sentence as a tree: spans, scores, time, decision. */
function tree(text: string, read: Understanding): string {
  const likely = (ranking: readonly { name: string; p: number }[]): string =>
    ranking
      .slice(0, 3)
      .map(({ name, p }) => `${name} ${p.toFixed(2)}`)
      .join(', ');
  const lines = [read, ...(read.also ?? [])].flatMap(({ intent, action, ask, slots, unread, why }) => [
    `├ text    ${why.text}`,
    `│ spans   ${why.pieces.map(spanOf).join(' ')}`,
    `│ intents ${likely(why.intents)}`,
    `│ acts    ${likely(why.acts)}`,
    ...(why.time ? [`│ time    ${why.time}`] : []),
    `│ slots   ${JSON.stringify(slots)}`,
    ...(unread ? [`│ unread  ${unread.join(' / ')}`] : []),
    `└ ${action} ${intent}${ask ? ` (${ask})` : ''} ← ${why.rule}`,
  ]);
  return [text, ...lines].join('\n');
}
