/** A call as a model makes it: the arguments are whatever text it wrote. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** JSON as far as it is some. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

/** The arguments of a call as an object, also where they are JSON in JSON; null where they are none. */
export function argumentsIn(text: string): Record<string, unknown> | null {
  let value = parsed(text.trim() || '{}');
  if (typeof value === 'string') value = parsed(value);
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : null;
}
