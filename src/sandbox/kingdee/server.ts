import { dayMs, toDay } from '../../shanghai.ts';
import { type Answer, type Exchange, type Fault, json, listen, type SandboxServer } from '../server.ts';
import type { Bill } from './bill.ts';
import { Books } from './books.ts';
import type { Complaint } from './checks.ts';
import { control } from './control.ts';
import { forms } from './forms/forms.ts';
import { account, Gate } from './gate.ts';
import { act, refusal } from './operations.ts';
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

/** A make-believe 金蝶云星空: logins, signatures, sessions, and bills that check what the real ones check. */
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
      const lost = refusal([complaint('会话信息已丢失，请重新登录')], [], 1);
      return json(isQuery ? [[lost]] : lost);
    }
    const trouble = refusals[fault?.kind ?? ''];
    if (trouble) {
      const refused = refusal([complaint(trouble.text)], [], trouble.code);
      return json(isQuery ? [[refused]] : refused);
    }
    const { form, data } = unwrap(given, isQuery);
    if (isQuery) {
      const answer = executeQuery(data, books);
      return json(typeof answer === 'string' ? [[refusal([complaint(answer)], [], 9)]] : answer);
    }
    const kind = forms.get(form);
    if (!kind) return json(refusal([complaint('业务对象不存在')], [], 9));
    const closed = books.closed ?? toDay(now().getTime() - closedDays * dayMs);
    return json(act(kind, operationOf(operation, given), data, books, closed));
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

const complaint = (Message: string): Complaint => ({ FieldName: '', Message, DIndex: 0 });

/** ExcuteOperation (spelled so) carries the operation's number beside the form. */
function operationOf(operation: string, given: Record<string, unknown>): string {
  if (operation.toLowerCase() !== 'excuteoperation') return operation;
  const positional = given.parameters as unknown[] | undefined;
  return String(positional ? positional[1] : (given.opNumber ?? ''));
}

/** Both body shapes: named, and positional with the data as JSON text. */
function unwrap(given: Record<string, unknown>, isQuery: boolean): { form: string; data: Record<string, unknown> } {
  const positional = given.parameters as unknown[] | undefined;
  const form = String(positional && !isQuery ? positional[0] : (given.formid ?? given.FormId ?? ''));
  const data = positional ? positional.at(-1) : given.data;
  return { form, data: (typeof data === 'string' ? JSON.parse(data) : (data ?? {})) as Record<string, unknown> };
}
