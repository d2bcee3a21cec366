import { z } from 'zod';
import { phrase } from '../../phrases.ts';
import { partsOf } from '../../sync/parts.ts';
import { pipelineOf } from './arguments.ts';
import { defineTool, said } from './tool.ts';

/** Syncs what the documents of a pipeline wait for; as any sync of named documents it asks where it is large. */
export const syncUpstream = defineTool({
  name: 'sync-upstream',
  least: 'operator',
  writes: true,
  asks: true,
  // Words for it are those of any sync, and lead there.
  answers: { sync: () => null },
  parameters: z.strictObject({ pipeline: z.string().max(100) }),
  async run(args, context) {
    const { sync, use } = context;
    const { upstream } = partsOf(sync.pipelines, pipelineOf(args, context)).pipeline;
    const open = upstream ? await sync.outcomes.openFailures(args.pipeline) : [];
    const orders = open.find(({ category }) => category === 'upstream_missing')?.subjects ?? [];
    if (!upstream || orders.length === 0) return said(phrase('replies.nothing_waits'));
    return await use('sync-orders', { pipeline: upstream.pipeline, orders });
  },
});
