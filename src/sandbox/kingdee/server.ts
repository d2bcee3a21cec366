import { dayMs, toDay } from '../../shanghai.ts';
import { type Answer, type Exchange, type Fault, json, listen, type SandboxServer } from '../server.ts';
import { type Bill, Books } from './books.ts';
import { type Complaint, checkBill, closedText, isClosed } from './checks.ts';
import { control } from './control.ts';
import { account, Gate } from './gate.ts';
import { executeQuery } from './query.ts';

export interface KingdeeSandbox extends SandboxServer {
  /** Ends in /K3Cloud. */
  url: string;
  account: typeof account;
}

/** What it refuses when told to, with the documented MsgCode. */
const refusals: Readonly<Record<string, { code: number; text: string }>> = {
  no_permission: { code: 2, text: '没有权限' },
  busy: { code: 14, text: '调用限制' },
};
/** Days before this many are closed, unless somebody has closed or opened others. */
const closedDays = 36;
const prefix = '/K3Cloud/Kingdee.BOS.WebApi.ServicesStub.';

/** A make-believe 金蝶云星空: logins, signatures, sessions, and a 销售出库单 that checks what the real one checks. */
export async function startKingdee({
  dir,
  port,
  now,
  bills = [],
}: {
  dir: string;
  port: number;
  now: () => Date;
  /** What stands there from the beginning. */
  bills?: Iterable<Bill>;
}): Promise<KingdeeSandbox> {
  const books = new Books(dir, bills);
  const gate = new Gate(now);

  const handle = (exchange: Exchange, fault: Fault | undefined): Answer => {
    const { request, path, body } = exchange;
    if (path.startsWith('/sandbox/')) return control(exchange, books);
    if (!path.startsWith(prefix)) return { status: 404, body: '<html>404</html>' };
    const [service = '', operation = ''] = path.slice(prefix.length).replace('.common.kdsvc', '').split('.');
    const given = JSON.parse(body) as Record<string, unknown>;
    if (service === 'AuthService') return login(gate, operation, given);
    if (fault?.kind === 'session_lost') gate.dropAll();
    const isQuery = operation === 'ExecuteBillQuery';
    if (fault?.kind === 'session_lost' || !gate.admits(request.headers, path)) {
      const lost = refusal([{ FieldName: '', Message: '会话信息已丢失，请重新登录', DIndex: 0 }], [], 1);
      return json(isQuery ? [[lost]] : lost);
    }
    const trouble = refusals[fault?.kind ?? ''];
    if (trouble) {
      const refused = refusal([{ FieldName: '', Message: trouble.text, DIndex: 0 }], [], trouble.code);
      return json(isQuery ? [[refused]] : refused);
    }
    const { form, data } = unwrap(given, isQuery);
    if (isQuery) {
      const answer = executeQuery(data, books);
      return json(
        typeof answer === 'string' ? [[refusal([{ FieldName: '', Message: answer, DIndex: 0 }], [], 9)]] : answer,
      );
    }
    if (form !== 'SAL_OUTSTOCK') return json(refusal([{ FieldName: '', Message: '业务对象不存在', DIndex: 0 }], [], 9));
    return json(act(operation, data, books, books.closed ?? toDay(now().getTime() - closedDays * dayMs)));
  };

  const server = await listen(port, handle);
  return { ...server, url: `${server.origin}/K3Cloud`, account };
}

function login(gate: Gate, operation: string, given: Record<string, unknown>): Answer {
  const named = [given.acctID ?? given.acctid, given.username, given.password ?? given.appid, given.appsecret];
  const id = gate.login(operation, Array.isArray(given.parameters) ? given.parameters : named);
  if (id === null)
    return json({
      Message: '用户名或密码错误',
      MessageCode: '',
      LoginResultType: 0,
      Context: null,
      IsSuccessByAPI: false,
    });
  const answer = {
    Message: null,
    MessageCode: 'CheckPasswordPolicy',
    LoginResultType: 1,
    Context: { UserLocale: 'zh-CN', SessionId: id },
    KDSVCSessionId: id,
    IsSuccessByAPI: true,
  };
  return { body: JSON.stringify(answer), headers: { 'set-cookie': `kdservice-sessionid=${id}; path=/; HttpOnly` } };
}

/** Both body shapes: named, and positional with the data as JSON text. */
function unwrap(given: Record<string, unknown>, isQuery: boolean): { form: string; data: Record<string, unknown> } {
  const positional = given.parameters as unknown[] | undefined;
  const form = String(positional && !isQuery ? positional[0] : (given.formid ?? given.FormId ?? ''));
  const data = positional ? positional.at(-1) : given.data;
  return { form, data: (typeof data === 'string' ? JSON.parse(data) : (data ?? {})) as Record<string, unknown> };
}

const truthy = (value: unknown): boolean => value === true || value === 'true';

function act(operation: string, data: Record<string, unknown>, books: Books, closed: string): object {
  switch (operation.toLowerCase()) {
    case 'save':
      return save([data.Model as Record<string, unknown>], data, books, closed);
    case 'batchsave':
      return save(data.Model as Record<string, unknown>[], data, books, closed);
    case 'submit':
      return move(data, books, ['A', 'D'], 'B');
    case 'audit':
      return move(data, books, ['B'], 'C', (bill, index) => {
        if (isClosed(bill.model, closed))
          return { FieldName: 'FDate', Message: closedText(bill.model, closed), DIndex: index };
        const allowed = String(data.InterationFlags ?? '').includes('STK_InvCheckResult');
        return allowed || !books.isShort(bill) ? null : negative(index);
      });
    case 'cancelassign':
      return move(data, books, ['B'], 'D');
    case 'unaudit':
      return move(data, books, ['C'], 'D');
    case 'delete':
      return move(data, books, ['A', 'D'], null);
    default:
      return refusal([{ FieldName: '', Message: '操作标识为空', DIndex: 0 }], [], 3);
  }
}

/** Each packet of a batch is judged by itself. */
function save(
  models: readonly Record<string, unknown>[],
  data: Record<string, unknown>,
  books: Books,
  closed: string,
): object {
  const complaints: Complaint[] = [];
  const accepted: { bill: Bill; index: number }[] = [];
  const taken = new Set<string>();
  for (const [index, model] of models.entries()) {
    const own = checkBill(model, index, books, taken, closed);
    const id = books.nextId();
    const bill: Bill = { id, number: String(model.FBillNo ?? `XSCKD${id}`), status: 'A', model };
    if (own.length === 0 && truthy(data.IsAutoSubmitAndAudit)) {
      if (books.isShort(bill)) own.push(negative(index));
      else bill.status = 'C';
    }
    complaints.push(...own);
    if (own.length > 0) continue;
    taken.add(bill.number);
    accepted.push({ bill, index });
  }
  if (accepted.length > 0) books.record(...accepted.map(({ bill }) => ({ kind: 'bill' as const, bill })));
  return refusal(
    complaints,
    accepted.map(({ bill, index }) => ({ Id: bill.id, Number: bill.number, DIndex: index })),
    11,
  );
}

const negative = (index: number): Complaint => ({
  FieldName: 'AbstractInteractionResult',
  Message: '更新库存时出现可以忽略的异常数据，是否继续？',
  DIndex: index,
});

function move(
  data: Record<string, unknown>,
  books: Books,
  from: readonly Bill['status'][],
  to: Bill['status'] | null,
  complaintOf: (bill: Bill, index: number) => Complaint | null = () => null,
): object {
  const numbers = Array.isArray(data.Numbers) ? data.Numbers.map(String) : [];
  const ids = String(data.Ids ?? '')
    .split(',')
    .filter(Boolean);
  const asked =
    ids.length > 0
      ? ids.map((id) => [...books.bills.values()].find((bill) => String(bill.id) === id)?.number ?? '')
      : numbers;
  const complaints: Complaint[] = [];
  const done: { Id: number; Number: string; DIndex: number }[] = [];
  for (const [index, number] of asked.entries()) {
    const bill = books.bills.get(number);
    const complaint = bill && from.includes(bill.status) ? complaintOf(bill, index) : null;
    if (!bill) complaints.push({ FieldName: 'FBillNo', Message: `单据[${number}]不存在`, DIndex: index });
    else if (!from.includes(bill.status))
      complaints.push({
        FieldName: 'FBillNo',
        Message: `单据[${number}]当前状态为${bill.status}，不允许操作`,
        DIndex: index,
      });
    else if (complaint) complaints.push(complaint);
    else {
      books.record(to === null ? { kind: 'delete', number } : { kind: 'bill', bill: { ...bill, status: to } });
      done.push({ Id: bill.id, Number: number, DIndex: index });
    }
  }
  return refusal(complaints, done, complaints.some((one) => /不允许操作/.test(one.Message)) ? 12 : 11);
}

function refusal(errors: readonly Complaint[], done: readonly object[], msgCode: number): object {
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
