import type { Shop } from '../../shop.ts';
import type { Shelf } from '../shelf.ts';
import type { Dated, Stream } from '../stream.ts';
import { received } from './received.ts';
import { refunds } from './refunds.ts';
import { saleout } from './saleout.ts';

/** Every kind of document this 聚水潭 answers about. */
export const shelvesOf = (shop: Shop, shelf: <D extends Dated>(stream: Stream<D>) => Shelf): Shelf[] => [
  shelf(saleout(shop)),
  shelf(received(shop)),
  shelf(refunds(shop)),
];
