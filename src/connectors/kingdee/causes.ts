import type { AppError, FailureCategory } from '../../errors.ts';

/** What is known of one refusal. */
export interface Refusal {
  message: string;
  msgCode: string;
  /** As the model spells it, where it holds the code of base data. */
  field: string;
  /** Whether the text says that the field has to be filled. */
  required: boolean;
}

export const sessionLost = /会话信息已丢失|Session information is lost/i;

interface Cause {
  code: string;
  kind: AppError['kind'];
  category: FailureCategory;
  /** All of these that are given have to hold. */
  words?: RegExp;
  msgCodes?: readonly string[];
  field?: RegExp;
  required?: boolean;
  /** Its named groups fill the sentence. */
  params?: RegExp;
  /** Its first group finds what the refusal is about; else that is what stands in square brackets. */
  subjects?: RegExp;
}

const session = { code: 'session', kind: 'auth', category: 'session' } as const;
const negative = { code: 'negative_stock', kind: 'data', category: 'negative_stock' } as const;
const permission = { code: 'permission', kind: 'auth', category: 'permission' } as const;
const busy = { code: 'busy', kind: 'rate_limited', category: 'rate_limited' } as const;
/** Looked at again: where the bill is by now decides how it goes on. */
const state = { code: 'wrong_state', kind: 'conflict', category: 'unknown' } as const;
const closed = { kind: 'data', category: 'period_closed', subjects: /单据日期\[?(\d{4}-\d{2}-\d{2})/g } as const;

/**
 * What 金蝶's refusals mean, the first that fits. The words are those of the form's own validation; what is said of closed periods
 * and of a bill's state is not documented anywhere, hence the wide nets. What fits none is a rule of the house: its own sentence
 * is shown. A field alone means nothing: a credit limit stands on FCustomerID, too.
 */
const causes: readonly Cause[] = [
  { ...session, words: sessionLost },
  { ...session, msgCodes: ['1'] },
  {
    code: 'duplicate',
    kind: 'conflict',
    category: 'duplicate_conflict',
    words: /编码唯一|已经被使用|唯一性/,
    field: /^(?:FBillNo)?$/i,
  },
  {
    code: 'closed_until',
    ...closed,
    words: /[关结]账日期\[?\d{4}-/,
    params: /[关结]账日期\[?(?<closed>\d{4}-\d{2}-\d{2})/,
  },
  { code: 'period_closed', ...closed, words: /关账|结账|期间|单据日期校验|(?<!订单|通知单|单据|行|业务)已关闭/ },
  { ...negative, words: /更新库存时出现可以忽略的异常|负库存|库存不足|即时库存|InteractionContext/ },
  { ...negative, words: /^$/, field: /^AbstractInteractionResult$/ },
  {
    ...busy,
    words: /稍[候后]再|网络互斥|网控|互斥|锁定|正在处理|正在被|(?<!编码|编号|单号|日期|批号|数据)冲突/,
  },
  { code: 'material_missing', kind: 'data', category: 'material_missing', field: /^FMaterialID$/, required: true },
  {
    code: 'base_data_missing',
    kind: 'data',
    category: 'base_data_missing',
    field:
      /^F(?:CustomerID|StockID|StockStatusID|StockOrgId|SaleOrgId|SettleOrgID|UnitID|OwnerID|SalesManID|SaleDeptID|SettleCurrID|BillTypeID)$/,
    required: true,
  },
  { ...permission, msgCodes: ['2', '15'] },
  { ...permission, words: /没有.*权限|无权/ },
  { code: 'licence', kind: 'auth', category: 'permission', msgCodes: ['7'] },
  { ...busy, msgCodes: ['13', '14'] },
  { ...state, msgCodes: ['12'] },
  {
    ...state,
    words: /已经?(?:审核|提交)|(?:重复|再次)(?:审核|提交)|(?:单据|数据|当前)状态|审核中|(?:创建|暂存|审核)状态/,
  },
  {
    code: 'aborted',
    kind: 'in_doubt',
    category: 'transport',
    msgCodes: ['4', '6'],
    words: /超时|死锁|timeout|deadlock|事务已中止/i,
  },
];

export const causeOf = (refusal: Refusal): Cause | undefined => causes.find((cause) => fits(cause, refusal));

const fits = ({ words, msgCodes, field, required = false }: Cause, refusal: Refusal): boolean =>
  (!words || words.test(refusal.message)) &&
  (!msgCodes || msgCodes.includes(refusal.msgCode)) &&
  (!field || field.test(refusal.field)) &&
  (!required || refusal.required);

/** Why a login was refused, by the words of its Message, the first that fits; each has a next step under errors.kingdee.login. */
const logins: readonly (readonly [cause: string, words: RegExp])[] = [
  ['address', /白名单|white ?list|\bIP\b.{0,12}(?:限制|禁止|不允许|未授权)/i],
  ['expired', /密码.{0,8}(?:过期|到期|失效)|(?:修改|重置).{0,4}密码|password.{0,20}expired/i],
  ['user', /用户.{0,12}(?:禁用|停用|失效|锁定|冻结|不存在)|user.{0,20}(?:disabled|locked|forbidden)/i],
  ['centre', /(?:数据中心|账套).{0,20}(?:不存在|无效|找不到|未找到|错误|停用|禁用)/],
  ['administrator', /禁止.{0,4}管理员/],
  ['licence', /许可|并发数/],
  [
    'application',
    /应用.{0,12}(?:禁用|停用|未启用|未授权|不存在|过期)|(?:签名|密钥|app_?(?:id|secret)).{0,12}(?:错误|无效|不正确|失败|过期)/i,
  ],
  ['password', /(?:密码|用户名|账号).{0,12}(?:错误|不正确|有误|不匹配|无效)|密码策略|password/i],
];

export const loginCauseOf = (message: string): string =>
  logins.find(([, words]) => words.test(message))?.[0] ?? 'unknown';
