import { documentWords } from '../documents.ts';
import { phrase } from '../phrases.ts';
import type { KnownDocument } from '../sync/ledger.ts';
import type { SyncService } from '../sync/service.ts';
import { choicesCard } from './cards/cards.ts';
import { normalise } from './language/normalise.ts';
import { readNumbers } from './language/numbers.ts';
import type { Understanding } from './language/understanding.ts';
import { saying } from './sayings.ts';
import type { ToolResult } from './tools/tool.ts';

/** The pipelines that may run, the one that is meant where nobody names one first. */
export const kindsOf = ({ defaultPipeline, pipelines }: SyncService): string[] => [
  ...new Set([defaultPipeline, ...pipelines.keys()]),
];

/** Buttons of a question which document is meant. */
const offered = 5;

/** The documents that each of these numbers finds, in the pipeline that is meant, else in every one. */
export async function documentsNamed(
  numbers: readonly string[],
  pipeline: string | undefined,
  { ledger, pipelines }: Pick<SyncService, 'ledger' | 'pipelines'>,
): Promise<{ number: string; found: KnownDocument[] }[]> {
  const among = pipeline === undefined ? [...pipelines.keys()] : [pipeline];
  return await Promise.all(numbers.map(async (number) => ({ number, found: await ledger.named(among, number) })));
}

/** Documents each once. */
export const each = (named: readonly { found: readonly KnownDocument[] }[]): KnownDocument[] => [
  ...new Map(named.flatMap(({ found }) => found).map((one) => [`${one.pipeline} ${one.key}`, one])).values(),
];

/** One deed is done with documents of one kind: of several it is asked which are meant, by their bill numbers. Null where they are of one. */
export function whichKind(intent: string, documents: readonly KnownDocument[]): ToolResult | null {
  const kinds = new Set(documents.map(({ pipeline }) => pipeline));
  if (kinds.size < 2) return null;
  const text = phrase('replies.which_document', {
    documents: documents
      .map(({ pipeline, key, billNumber: number }) =>
        phrase('replies.one_document', { ...documentWords(pipeline), order: key, number }),
      )
      .join('、'),
  });
  const choices = documents.map(({ billNumber }) => saying(intent, { orders: [billNumber] }));
  const card = choicesCard(text, choices.filter((one) => one !== null).slice(0, offered));
  return { action: 'clarify', reply: { text, card }, orders: documents.map(({ key }) => key) };
}

/** A reading with the pipeline whose prefix its bill numbers begin with, where no word names one: 「JST261123005 到哪了」. */
export function withPrefix(read: Understanding, text: string, pipelines: SyncService['pipelines']): Understanding {
  const { slots, also } = read;
  const ids = new Map([...pipelines].map(([id, { pipeline }]) => [pipeline.bill_number.prefix, id]));
  const numbers = readNumbers(normalise(text), [...ids.keys()]);
  const prefixes = new Set(
    slots.orders?.map((order) => numbers.find(({ value, prefix }) => prefix && value === order)?.prefix),
  );
  const [prefix] = prefixes;
  const document = prefixes.size === 1 && prefix !== undefined ? ids.get(prefix) : undefined;
  return {
    ...read,
    ...(document && slots.document === undefined ? { slots: { ...slots, document } } : {}),
    ...(also ? { also: also.map((part) => withPrefix(part, text, pipelines)) } : {}),
  };
}
