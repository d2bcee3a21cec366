import { Decimal } from './decimal.ts';

// Source-text access of JSON.parse and JSON.rawJSON are in Node 22+; TypeScript's library does not know them yet.
type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** JSON text to values in which every number stays the text it was: ids beyond 2^53 and amounts lose no digit. */
export function parseExact(text: string): unknown {
  return parse(text, (_key, value, { source }) => (typeof value === 'number' && source !== undefined ? source : value));
}

/** A text as a database can hold it: without U+0000 and without halves of a character. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '');

/** Values to JSON text for a jsonb column. */
export function stringifyStored(value: unknown): string {
  return JSON.stringify(value, (_key, current: unknown) => (typeof current === 'string' ? storable(current) : current));
}

/** Values to JSON text; a Decimal becomes a JSON number with all its digits. */
export function stringifyExact(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, current) {
    const original = this[key]; // `current` is already the result of Decimal.toJSON
    return original instanceof Decimal ? rawJson(original.toFixed()) : current;
  });
}
