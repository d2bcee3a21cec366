import { readConfig } from '../config.ts';
import { openDesk } from './desk.ts';
import { options, print } from './ports.ts';

/** `misread`: the sentences people say were read wrongly, as lines of the corpus to be labelled. */
export async function misread(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  options(args, {});
  const desk = await openDesk(readConfig(env));
  try {
    const { reply } = await desk.misreads();
    if (reply.text !== '') print(reply.text);
    return 0;
  } finally {
    await desk.close();
  }
}
