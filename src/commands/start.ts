import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readConfig } from '../config.ts';
import { phrase } from '../phrases.ts';
import { projectRoot } from '../root.ts';
import { serve } from '../service.ts';
import { createPorts, print } from './ports.ts';

/** `start`: the service, until a signal or until the npm that started it is gone. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  // The address is all that stdout is for; an SDK speaks there, too.
  console.info = console.error;
  if (config.pipelinesDir === resolve('pipelines')) layOut();
  await serve(config, createPorts(config.logLevel));
}

/** Puts what people edit into the current folder where it is not there yet, as at the first start of an installed package. */
function layOut(): void {
  for (const name of ['pipelines', '.env.example']) {
    if (existsSync(name)) continue;
    try {
      cpSync(join(projectRoot, name), name, { recursive: true });
    } catch {
      continue; // a folder nobody may write in; that pipelines are missing is said where they are read
    }
    print(phrase('cli.laid_out', { path: resolve(name) }));
  }
}
