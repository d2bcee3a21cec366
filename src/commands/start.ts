import { readConfig } from '../config.ts';
import { serve } from '../service.ts';
import { createPorts } from './ports.ts';

/** `start`: the service, until a signal or until the npm that started it is gone. */
export async function start(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  // The address is all that stdout is for; an SDK speaks there, too.
  console.info = console.error;
  await serve(config, createPorts(config.logLevel));
}
