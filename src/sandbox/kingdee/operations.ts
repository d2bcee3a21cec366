import type { Bill } from './bill.ts';
import type { Books } from './books.ts';
import { type Complaint, checkBill, closedText, isClosed, isTrue } from './checks.ts';
import type { Form } from './forms/form.ts';

type Data = Record<string, unknown>;

/** What a call does to bills of a form, and its answer; `closed` is the day up to which nothing is booked. */
export function act(form: Form, operation: string, data: Data, books: Books, closed: string): object {
  const move = (
    from: readonly Bill['status'][],
    to: Bill['status'],
    complaintOf?: (bill: Bill, index: number) => Complaint | null,
  ): object => change(form, data, books, { from, complaintOf, after: (bill) => ({ ...bill, status: to }) });
  switch (operation.toLowerCase()) {
    case 'save':
      return save(form, [data.Model as Data], data, books, closed, false);
    case 'batchsave':
      return save(form, data.Model as Data[], data, books, closed, books.rules.wholeBatches);
    case 'submit':
      return move(['A', 'D'], 'B');
    case 'audit':
      return move(['B'], 'C', (bill, index) => {
        if (isClosed(bill.model, closed))
          return { FieldName: 'FDate', Message: closedText(bill.model, closed), DIndex: index };
        const allowed = String(data.InterationFlags ?? '').includes('STK_InvCheckResult');
        return allowed || !books.stock.isShort(form, bill) ? null : negative(index);
      });
    case 'cancelassign':
      return move(['B'], 'D');
    case 'unaudit':
      return move(['C'], 'D');
    case 'delete':
      return change(form, data, books, { from: ['A', 'D'], cancelled: 'either', after: () => null });
    case 'cancel':
      return change(form, data, books, { from: ['A', 'D'], after: (bill) => ({ ...bill, cancelled: true }) });
    case 'uncancel':
      return change(form, data, books, {
        from: ['A', 'D'],
        cancelled: 'only',
        after: ({ cancelled, ...bill }) => bill,
      });
    case 'view':
      return view(form, data, books);
    default:
      return refusal([{ FieldName: '', Message: '操作标识为空', DIndex: 0 }], [], 3);
  }
}

/** Each packet of a batch is judged by itself; where batches are `whole`, one bad packet refuses all and is the only one named. */
function save(form: Form, models: readonly Data[], data: Data, books: Books, closed: string, whole: boolean): object {
  const complaints: Complaint[] = [];
  const accepted: { bill: Bill; index: number }[] = [];
  const taken = new Set<string>();
  for (const [index, model] of models.entries()) {
    const own = checkBill(form, model, index, books, taken, closed);
    const id = books.nextId();
    const bill: Bill = { id, form: form.id, number: numberOf(form, model, id, books), status: 'A', model };
    if (own.length === 0 && isTrue(data.IsAutoSubmitAndAudit)) {
      if (books.stock.isShort(form, bill)) own.push(negative(index));
      else bill.status = 'C';
    }
    complaints.push(...own);
    if (own.length > 0) continue;
    taken.add(bill.number);
    accepted.push({ bill, index });
  }
  const [culprit] = complaints;
  if (whole && culprit) return refusal([culprit], [], 11);
  if (accepted.length > 0) books.record(...accepted.map(({ bill }) => ({ kind: 'bill' as const, bill })));
  return refusal(
    complaints,
    accepted.map(({ bill, index }) => ({ Id: bill.id, Number: bill.number, DIndex: index })),
    11,
  );
}

function numberOf({ prefix }: Form, model: Data, id: number, { rules }: Books): string {
  if (rules.ownNumbers) return `${prefix}${String(id - 100_000).padStart(6, '0')}`;
  return String(model.FBillNo ?? `${prefix}${id}`);
}

const negative = (index: number): Complaint => ({
  FieldName: 'AbstractInteractionResult',
  Message: '更新库存时出现可以忽略的异常数据，是否继续？',
  DIndex: index,
});

/** Numbers of the bills a call is about, by their ids where it gives ids; an id of no bill is a number of none. */
function askedOf(form: Form, data: Data, books: Books): string[] {
  const ids = String(data.Ids ?? data.Id ?? '')
    .split(',')
    .filter(Boolean);
  if (ids.length === 0) return Array.isArray(data.Numbers) ? data.Numbers.map(String) : [String(data.Number ?? '')];
  const bills = books.bills(form.id).all();
  return ids.map((id) => bills.find((bill) => String(bill.id) === id)?.number ?? '');
}

interface Step {
  from: readonly Bill['status'][];
  /** Which bills it may be done to, by 作废; those that are not where it does not say. */
  cancelled?: 'only' | 'either';
  complaintOf?: ((bill: Bill, index: number) => Complaint | null) | undefined;
  /** The bill as it is then; null = it is gone. */
  after: (bill: Bill) => Bill | null;
}

function change(form: Form, data: Data, books: Books, step: Step): object {
  const complaints: Complaint[] = [];
  const done: { Id: number; Number: string; DIndex: number }[] = [];
  for (const [index, number] of askedOf(form, data, books).entries()) {
    const bill = books.bills(form.id).get(number);
    const reason = bill ? hindrance(bill, step) : '不存在';
    const complaint = reason
      ? { FieldName: 'FBillNo', Message: `单据[${number}]${reason}`, DIndex: index }
      : bill && step.complaintOf?.(bill, index);
    if (complaint) complaints.push(complaint);
    else if (bill) {
      const after = step.after(bill);
      books.record(after ? { kind: 'bill', bill: after } : { kind: 'delete', form: form.id, number });
      done.push({ Id: bill.id, Number: number, DIndex: index });
    }
  }
  return refusal(complaints, done, complaints.some((one) => /不允许操作/.test(one.Message)) ? 12 : 11);
}

function hindrance({ status, cancelled }: Bill, step: Step): string | null {
  if (!step.from.includes(status)) return `当前状态为${status}，不允许操作`;
  if (step.cancelled === 'either' || Boolean(cancelled) === (step.cancelled === 'only')) return null;
  return cancelled ? '已作废，不允许操作' : '没有作废，不允许操作';
}

/** One bill with all that was saved of it. */
function view(form: Form, data: Data, books: Books): object {
  const [number = ''] = askedOf(form, data, books);
  const bill = books.bills(form.id).get(number);
  if (!bill)
    return refusal([{ FieldName: '', Message: `未找到对应数据：${form.title}[${number}]`, DIndex: 0 }], [], 10);
  const { id, status, cancelled, model } = bill;
  const state = { FDocumentStatus: status, FCancelStatus: cancelled ? 'B' : 'A' };
  return { Result: { ResponseStatus: null, Result: { Id: id, ...model, FBillNo: number, ...state } } };
}

export function refusal(errors: readonly Complaint[], done: readonly object[], msgCode: number): object {
  const failed = errors.length > 0;
  return {
    Result: {
      ResponseStatus: {
        ...(failed ? { ErrorCode: 500 } : {}),
        IsSuccess: !failed,
        Errors: errors,
        SuccessEntitys: done,
        SuccessMessages: [],
        MsgCode: failed ? msgCode : 0,
      },
      NeedReturnData: done.map(() => ({})),
    },
  };
}
