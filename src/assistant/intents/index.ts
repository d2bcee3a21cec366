import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Intent } from './intent.ts';

/** Every intent by name: a file of this folder is an intent. */
export const intents: ReadonlyMap<string, Intent> = new Map(
  await Promise.all(
    readdirSync(import.meta.dirname)
      .filter((name) => /^(?!index\.|intent\.)[a-z-]+\.[jt]s$/.test(name))
      .map(async (name): Promise<[string, Intent]> => {
        const { default: intent } = (await import(pathToFileURL(join(import.meta.dirname, name)).href)) as {
          default: Intent;
        };
        return [intent.name, intent];
      }),
  ),
);

export function intentNamed(name: string): Intent {
  const intent = intents.get(name);
  if (!intent) throw new Error(`no intent ${name}`);
  return intent;
}
