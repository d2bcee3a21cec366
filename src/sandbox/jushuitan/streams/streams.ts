import type { Shop } from '../../shop.ts';
import type { Shelf } from '../shelf.ts';
import type { Dated, StockMove, Stream } from '../stream.ts';
import { allocates } from './allocates.ts';
import { counts } from './counts.ts';
import { inventory } from './inventory.ts';
import { otherInOut } from './other-in-out.ts';
import { purchaseIn } from './purchase-in.ts';
import { purchaseOut } from './purchase-out.ts';
import { received } from './received.ts';
import { refunds } from './refunds.ts';
import { saleout } from './saleout.ts';

/** Every kind of document this 聚水潭 answers about, and the stock they leave since the shop was opened (an instant in ms). */
export function shelvesOf(shop: Shop, opened: number, shelf: <D extends Dated>(stream: Stream<D>) => Shelf): Shelf[] {
  const documents = [
    shelf(saleout(shop)),
    shelf(received(shop)),
    shelf(refunds(shop)),
    shelf(purchaseIn(shop)),
    shelf(purchaseOut(shop)),
    shelf(otherInOut(shop)),
    shelf(counts(shop)),
    shelf(allocates(shop)),
  ];
  const movesSince = (): StockMove[] =>
    documents.flatMap((one) => one.moves({ start: opened, end: shop.now().getTime() }));
  return [...documents, shelf(inventory(shop, opened, movesSince))];
}
