import type { Reply } from '../channels/message.ts';
import { Decimal } from '../decimal.ts';
import { documentWords } from '../documents.ts';
import { money, someOf } from '../format.ts';
import { phrase } from '../phrases.ts';
import { toWall } from '../shanghai.ts';
import type { FailedDocument } from '../sync/outcomes.ts';
import type { FailureGroup } from '../sync/run.ts';
import type { Window } from '../sync/window.ts';
import { rangeName, type Sheet } from './sheet.ts';
import type { StatedFigure, Stating } from './stated.ts';

/** A page of the failed documents themselves: number, amount, and why. */
export function failedPage(
  pipeline: string,
  documents: readonly FailedDocument[],
  { total, offset }: { total: number; offset: number },
): Reply {
  const title = phrase('report.failed.title', { ...documentWords(pipeline), count: total });
  const lines = documents.map((one) => `${one.key} ${causeOf(one)}`);
  const left = total - offset - documents.length;
  return {
    text: `${title}：${lines.join('；')}。`,
    card: {
      id: `failed-${offset}`,
      title,
      tone: 'warn',
      blocks: [
        {
          type: 'table',
          columns: ['order', 'amount', 'cause'].map((column) => phrase(`list.column.${column}`)),
          rows: documents.map((one) => [one.key, money(one.amount), causeOf(one)]),
          ...(left > 0 ? { omitted: left } : {}),
        },
      ],
      buttons: [],
    },
  };
}

/** 「物料不存在（A-1093）」 */
function causeOf({ category, error }: FailedDocument): string {
  const cause = phrase(`cards.category.${category}`);
  return error.subjects.length > 0 ? phrase('report.failed.about', { cause, about: someOf(error.subjects, 2) }) : cause;
}

export const failedSheet = (
  pipeline: string,
  documents: readonly FailedDocument[],
  total: number,
  window: Window | null,
  notes: readonly string[],
): Sheet => ({
  name: phrase('list.file.failures', { ...documentWords(pipeline), range: rangeName(window) }),
  columns: ['order', 'bill', 'day', 'shop', 'amount', 'cause', 'about', 'message', 'next'],
  rows: documents.map(({ key, bill, day, shop, amount, category, error }) => [
    key,
    bill,
    day ? toWall(day) : '',
    shop,
    amount,
    phrase(`cards.category.${category}`),
    error.subjects.join('、'),
    error.message,
    error.next,
  ]),
  total,
  notes,
});

/** How many failed and of what, and how many cancelled ones still stand in the target. */
export function failureFigures(
  groups: readonly Pick<FailureGroup, 'category' | 'count' | 'amount'>[],
  cancelledThere: number,
  state: Stating,
): StatedFigure[] {
  const amount = groups.reduce((sum, group) => sum.plus(group.amount), new Decimal(0));
  return [
    state(
      'failed',
      groups.reduce((sum, { count }) => sum + count, 0),
      'orders',
    ),
    state('failed_amount', amount.toFixed(2), 'yuan'),
    ...groups.flatMap((group) => [
      state('failed', group.count, 'orders', { reason: group.category }),
      state('failed_amount', group.amount, 'yuan', { reason: group.category }),
    ]),
    ...(cancelledThere > 0 ? [state('cancelled_in_target', cancelledThere, 'orders')] : []),
  ];
}
