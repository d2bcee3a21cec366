import { type Document, isCollection, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { AppError } from './errors.ts';
import { hasPhrase, phrase } from './phrases.ts';

export interface YamlFile<T> {
  value: T;
  /** The place (from 1) of a path in the file, or of the deepest part of it that exists. */
  at(path: readonly PropertyKey[]): { line: number; col: number };
}

/**
 * A settings file of this shape. Codes `<code>.syntax` and `<code>.invalid`, kind config, with file, line, column, the field and
 * what is allowed there.
 */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  { file, code, keysAt }: { file: string; code: string; keysAt: (path: readonly PropertyKey[]) => readonly string[] },
): YamlFile<z.infer<Schema>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const syntax = document.errors[0];
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    throw new AppError(`${code}.syntax`, 'config', {
      params: { file, line, column: col, reason: inWords('reason', syntax.code) },
    });
  }
  const at = (path: readonly PropertyKey[]): { line: number; col: number } => lines.linePos(positionOf(document, path));
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return { value: parsed.data, at };
  const issue = deepest(parsed.error.issues);
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const { line, col } = at(path);
  throw new AppError(`${code}.invalid`, 'config', {
    params: { file, line, column: col, field: path.join('.'), allowed: allowedAt(issue, keysAt) },
  });
}

/** What the parser calls by a code, in words. */
function inWords(kind: 'reason' | 'expected', code: string): string {
  const key = `yaml.${kind}.${code}`;
  return phrase(hasPhrase(key) ? key : `yaml.${kind}.other`);
}

/** The offset of the key at `path`, or of the deepest part of it that exists. */
function positionOf(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (isCollection(parent)) {
      for (const item of parent.items) {
        if (item && typeof item === 'object' && 'key' in item && isNode(item.key) && String(item.key) === String(key))
          return item.key.range?.[0] ?? 0;
      }
    }
  }
  return 0;
}

type Issue = z.core.$ZodIssue;

/** Of the alternatives of a union, the complaint of the one that got furthest. */
function deepest(issues: readonly Issue[]): Issue {
  const first = issues[0] as Issue;
  if (first.code !== 'invalid_union') return first;
  const inner = first.errors
    .flat()
    .sort(
      (a, b) =>
        b.path.length - a.path.length ||
        Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'),
    );
  const best = inner[0];
  return best ? deepest([{ ...best, path: [...first.path, ...best.path] } as Issue]) : first;
}

function allowedAt(issue: Issue, keysAt: (path: readonly PropertyKey[]) => readonly string[]): string {
  if (issue.code === 'invalid_value') return issue.values.join('、');
  if (issue.code === 'unrecognized_keys') return keysAt(issue.path).join('、');
  if (issue.code === 'invalid_type') return inWords('expected', issue.expected);
  if (issue.code === 'too_big') return `≤ ${issue.maximum}`;
  if (issue.code === 'too_small') return `≥ ${issue.minimum}`;
  return issue.code === 'invalid_format' ? (issue.pattern ?? issue.format) : issue.message;
}
