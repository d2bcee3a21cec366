import { categoryLabel } from '../assistant/cards/cards.ts';
import { readConfig } from '../config.ts';
import { phrase } from '../phrases.ts';
import type { RunReport } from '../sync/service.ts';
import { dayWindow } from '../sync/window.ts';
import { openDesk, untilEnded } from './desk.ts';
import { options, ports, print, usage } from './ports.ts';

/** `sync --from D --to D [--by io_date|modified] [--pipeline ID] [--preview] [--json]`: whole days, no confirmation. */
export async function sync(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { from, to, json, pipeline, ...given } = options(args, {
    from: 'string',
    to: 'string',
    by: 'string',
    pipeline: 'string',
    preview: 'boolean',
    json: 'boolean',
  });
  const by = given.by ?? 'io_date';
  if (!from || !to || (by !== 'io_date' && by !== 'modified')) throw usage();
  dayWindow(from, to, ports.now());
  const desk = await openDesk(readConfig(env));
  try {
    const request = { from, to, by, preview: given.preview === true, ...(pipeline ? { pipeline } : {}) } as const;
    const run = await untilEnded(desk, await desk.sync(request));
    if (json) print(JSON.stringify(run));
    else inWords(run);
    return run.state === 'succeeded' || run.state === 'partial' ? 0 : 1;
  } finally {
    await desk.close();
  }
}

function inWords({ state, counts, failures, error }: RunReport): void {
  print(phrase('cli.sync_done', { state: phrase(`replies.state.${state}`), ...counts }));
  for (const { category, count, orders } of failures) {
    const words = { category: categoryLabel(category), count, orders: orders.slice(0, 5).join('、') };
    print(phrase('cli.sync_failure', words));
  }
  if (error) print(`${error.message}。${error.next}`);
}
