import { isOpen } from './hedges.ts';
import { isStatement } from './statements.ts';

/** One kind of thing that only a tool can know, as people say it, and the words of a tool's answer that bear it out. */
interface Claim {
  said: RegExp;
  /** Null: nothing bears it out, since whatever is really done is told by a card and not by a model. */
  shownBy: RegExp | null;
  /** Of an order that is named the same line of an answer must say it. */
  ofOrder?: true;
  /** Also where it is put as a wish or a possibility. */
  always?: true;
}

// Verbs of one character only where they are no part of a noun: 关账, 办法, 建议, 调用.
const sync =
  '同步|写入|写进|写到|写好|写(?![法着])|推送|推(?![荐测断])|补推|补录|补(?![充货])|录入|重推|重试|重跑|导入|提交|审核|上传|传(?![统说])|跑(?!题)|过账|记账|入账|生成';
const undo = '撤单|撤销|撤回|撤|删除|删|作废|反审核|取消';
const change =
  '修改|改成|改到|改(?![口天日期善进])|更新|设置|设成|设(?![计备想])|调整|调成|调(?![用查取研])|换成|配置|配(?![合货送])|登记|分配|新建|创建|建(?![议档])';
const stop = '暂停|停掉|停用|停止|停(?![留顿])|关掉|关闭|关(?![账于键系注心联])|禁用';
const resume = '恢复|启用|开启|打开|重启|启动';
const tell = '通知|提醒|转告|转达|告知|发送|发给|发(?![货现生票起])|静音|认领|转给|上报|反馈';
const mend = '处理|解决|修复|修|搞定|办妥|办(?![法公理])|弄|安排|完成|清理|清(?=[掉空])';
const act = [sync, undo, change, stop, resume, tell, mend].join('|');
const result = '完成|完毕|成功|好|完|成|掉|妥|上去|上|过去|过|进去|进来|下来|出去|回来|起来|齐';
/** Between its parts; what cannot or shall not be done is no claim. */
const filler = '[^，,。；;不没别未能可]';
/** Behind it, it is a condition or names a thing: 「同步好了再说」「写入了的单子」「改好之后」. */
const open = `(?!(?:${result})?了?(?:的?话|之后|以后|后|再|就|才|吗|嘛|么|没|与否|的[^，,。.；;！!\\s]|率|时|不|说一?声|告诉我|叫我|点|回来|回复))`;
/** Done: 已…同步, 同步好了, 同步完成, 推过去了. */
const done = (verbs: string): RegExp =>
  new RegExp(
    `(?:已经?|刚刚?|刚才|业已|均已|都已)${filler}{0,14}?(?:${verbs})(?:${result})?了?${open}(?!中)` +
      `|(?:${verbs})(?:${result})?了${open}|(?:${verbs})(?:了一[下遍次])${open}` +
      `|(?:${verbs})(?:已)?(?:完成|完毕|成功|妥当)了?${open}|成功(?:地)?(?:${verbs})${open}`,
  );

/** The one speaking, as the one who did it or is about to; not who tells or explains something. */
const telling = '[^，,。；;不没别未能可讲说看查问聊列找解介告理]';
const self =
  `(?:我|小青)(?:已经?|刚刚?|刚才|都|把|帮|给|替|为|将|这就|马上|立刻|立即|现在|稍后|待会儿?|等会儿?|一会儿?|会|来|去|正在?)${telling}{0,16}?(?:${act})` +
  `|(?:帮|给|替|为)(?:你|您|大家|咱们)${telling}{0,14}?(?:${act})(?:${result})?了|正在?(?:帮|给|替|为)(?:你|您|大家)|这就(?:去)?(?:${act})|马上(?:去|就)?(?:${act})`;

const written = /写入|已进金蝶|已存在|金蝶已有|做完了|同步完成|建单|已执行/;
const nothing =
  /没有[^，,。；;]{0,12}(?:失败|告警|差异|记录|重试|正在跑|卡住|要补|要同步)|失败[ ，]?0(?!\d|\.)|(?:对账)?平(?:$|[ ：。，·])|成功率[ ]?100|还没有同步过/m;

const table: readonly Claim[] = [
  { said: new RegExp(self), shownBy: null },
  { said: done(sync), shownBy: written, ofOrder: true },
  { said: done(undo), shownBy: /撤|删|反审核|取消/ },
  { said: done(change), shownBy: /改|设|对应|原来|建/ },
  { said: done(stop), shownBy: /停|关/ },
  { said: done(resume), shownBy: /开着|恢复|打开/ },
  { said: done(tell), shownBy: /静音|通知|提醒|名下|发/ },
  {
    said: new RegExp(`${done(mend).source}|(?:搞定|办妥|妥了|齐活|完事|没问题了|(?:都|全|弄|办|处理)好了)${open}`),
    shownBy: /做完了|完成|恢复|已执行/,
  },
  // Where orders are.
  {
    said: new RegExp(
      `(?:已经?|都|全部|全|均)(?:在|进了?|进入|到)金蝶|进了金蝶|在金蝶(?:里|中)?(?:了|已|能查|可以查)|(?:过去|过账|进去|落账|入账)了${open}`,
    ),
    shownBy: written,
    ofOrder: true,
  },
  {
    said: new RegExp(
      `(?:全部|全都|所有|一律|统统|都|百分之百|100%)[^，,。；;？?]{0,10}(?:成功|写入|写进|进了?金蝶|在金蝶|同步|推|正常|通过|没问题|平了?|一致|对上)${open}`,
    ),
    shownBy: nothing,
  },
  {
    said: /(?:没有?|无|未(?:发现|见)|零|不存在)(?:发现|看到|查到|出现)?(?:任何|什么|一单|新的?)?(?:的)?(?:失败|异常|问题(?!的话)|错误|报错|告警|差异|遗漏|漏单|重复|积压|风险)|一切(?:正常|顺利|就绪)|(?:状态|运行|系统|服务|连接|链路|接口|定时|同步|数据)[^，,。；;？?]{0,6}(?:正常|稳定|健康|顺畅|一致)|对得上|对平|账平|平了|成功了/,
    shownBy: nothing,
  },
  // What is going on, and what went wrong.
  {
    said: /(?:正在|还在|仍在|在)(?:跑|同步|写入|写|排队|对账|重试|执行|运行|处理)(?:中|着)?(?!的|时)|(?:同步|重试|对账|执行|处理|写入)中(?!的|，?请?不)|排队中/,
    shownBy: /正在|排队|在跑|进行/,
  },
  {
    said: new RegExp(
      `(?:失败|报错|卡住|挂|断|超时|被拒|漏|缺|少|丢|出错|断开|掉线)了${open}|卡在|没(?:有)?(?:进|写进|写入|过去|同步|推|成功|跑)(?:金蝶|过去|进去|成功|上)?(?:$|[，,。；;了])|(?:还|仍|尚)(?:没|未)(?:进|写|过|同步|推|成功|审核)|登录失败|已关账|关账了|库存不足(?:$|[，,。；;了导])|被(?:金蝶|聚水潭)?(?:拒|退|限流)|(?:有|剩|共|还有)(?!哪|没有|多少|什么|几种)[^，,。；;？?]{0,8}(?:失败|没过|没进|卡住)`,
    ),
    shownBy: /失败|没进|没写|没有做完|没撤成|还没|卡|停|不存在|没有对照|关账|不足|差|登录失效|限流|跳过/,
  },
  {
    said: /(?:失败|卡住?|没过去?|没进|报错|异常|差异|问题)[^，,。；;？?]{0,8}(?:是因为|原因(?:都)?是|由于|出在|源于|集中在|主要(?:是|在))/,
    shownBy: /./,
  },
  {
    said: /(?:最多|最少|最高|最低|最大|最小|最严重|最集中)的?(?:是|为|：)|(?:涨|跌|升|降|上升|下降|增加|减少|增长|下滑|回升|翻倍)了|(?:环比|同比)[^，,。；;？?]{0,6}(?:涨|跌|升|降|增|减|持平)|(?:大部分|大多数|绝大多数|多数|过半|一半|少数)[^，,。；;？?]{0,8}(?:失败|成功|写|进|正常|卡|缺|没)/,
    shownBy: /./,
  },
  // That it has looked.
  {
    said: /(?:我|小青)?(?:已经?|刚刚?|刚才|都|全)?(?:帮你|替你)?(?:查|看|瞧|瞅|核对|核实|检查|确认|对|翻|试|测|比对|统计|算)(?:过|完|好)?了(?:一[下遍]|[，,。；;]|$)|(?:根据|据|从|按)(?:系统|后台|数据|记录|日志|台账|最新)[^，,。；;？?]{0,8}(?:来看|看|显示|结果|查|得知)|(?:查询|核对|统计|检查)(?:结果|显示|发现)/,
    shownBy: /./,
  },
  {
    said: /\b(?:done|completed?|finished|succeeded|successful(?:ly)?|synced|synchroni[sz]ed|written|posted|pushed|retried|deleted|removed|reverted|cancell?ed|paused|resumed|updated|changed|created|failed|failing|no (?:failures?|errors?|issues?|problems?)|all (?:good|clear|set)|up[ -]to[ -]date|in progress|(?:is|are) running|(?:is|are) (?:fine|ok|healthy|normal))\b/i,
    shownBy: /./,
  },
  { said: /[✅✔☑🟢🔴🟡❌🎉]/u, shownBy: /./, always: true },
];

const claims = table.map((claim) => ({ ...claim, said: new RegExp(claim.said, `g${claim.said.flags}`) }));

/** What a person is told to say or press. */
const toSay = /(说一?声?|问|回复?|点|按|输入|发|比如|例如|或者?|和|、)[：:\s]*[「“"'『][^」”"'』]{1,40}[」”"'』]/g;

export interface Shown {
  /** All that tools have answered, and their lines one by one. */
  all: string;
  lines: readonly string[];
}

/** 啦, 喽 and 咯 are a 了 with a smile. */
const spokenPlain = (clause: string): string => clause.replace(/[啦喽咯嘞]/g, '了').replace(/[哈呀哦噢嘛]+$/, '');

/** Whether a sentence tells something that only a tool can know, and none has told. */
export function claimsUnshown(sentence: string, shown: Shown, orders: readonly string[]): boolean {
  const clauses = sentence
    .replace(toSay, '$1')
    .split(/[，,；;—…]|(?<=[：:。！？!?])/)
    .map((clause) => spokenPlain(clause.replace(/[：:。！!]+$/, '').trim()))
    .filter((clause) => clause !== '');
  return clauses.some(
    (clause, place) =>
      claims.some((claim) => isUnshown(claim, clause, shown, orders)) ||
      (shown.lines.length === 0 && isStatement(clause, clauses[place + 1])),
  );
}

function isUnshown(claim: Claim, clause: string, shown: Shown, orders: readonly string[]): boolean {
  // `matchAll` compiles its pattern anew; most clauses hold nothing of the kind.
  if (clause.search(claim.said) < 0) return false;
  const made = [...clause.matchAll(claim.said)].some((found) => claim.always || !isOpen(clause, found));
  if (!made || claim.shownBy === null) return made;
  const lines = claim.ofOrder ? shown.lines.filter((line) => orders.some((order) => line.includes(order))) : [];
  return !claim.shownBy.test(lines.length > 0 ? lines.join('\n') : shown.all);
}
