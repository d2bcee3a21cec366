import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** The folder of package.json: prompts, pipelines and the page are found from here, from source and from dist alike. */
export const projectRoot = findRoot();
