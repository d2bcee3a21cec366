import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Tool } from './tool.ts';

const isTool = (value: unknown): value is Tool =>
  value !== null && typeof value === 'object' && 'run' in value && 'parameters' in value && 'least' in value;

/** Every tool that a file of this folder exports, by name: a new file is a new tool. */
export async function loadTools(): Promise<ReadonlyMap<string, Tool>> {
  const files = readdirSync(import.meta.dirname).filter((name) => /^(?!load\.|tool\.)[a-z-]+\.[jt]s$/.test(name));
  const modules = await Promise.all(
    files.map((name) => import(pathToFileURL(join(import.meta.dirname, name)).href) as Promise<object>),
  );
  const tools = modules.flatMap((module) => Object.values(module).filter(isTool));
  return new Map(tools.map((tool) => [tool.name, tool]));
}
