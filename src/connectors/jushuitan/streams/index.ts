import { allocate } from './allocate.ts';
import { inventoryCount } from './inventory-count.ts';
import { otherInOut } from './other-in-out.ts';
import { purchaseIn } from './purchase-in.ts';
import { purchaseOut } from './purchase-out.ts';
import { received } from './received.ts';
import { saleout } from './saleout.ts';
import type { Stream } from './stream.ts';

/** Every kind of document there is, by what a pipeline file may call it. */
export const streams: ReadonlyMap<string, Stream> = new Map(
  [saleout, received, otherInOut, inventoryCount, purchaseIn, purchaseOut, allocate].flatMap((stream) =>
    stream.apis.map((api) => [api, stream] as const),
  ),
);
