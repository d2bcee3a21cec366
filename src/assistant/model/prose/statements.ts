import { follows, isAdvice } from './hedges.ts';

/** What we are about, and things and people of it. 单价, 清单 and the like are none. */
const matter =
  '(?<![清简菜账孤])单(?![价位独纯一])|同步|对账|审核|金蝶|聚水潭|钉钉|飞书|授权|密码|密钥|账号|登录|接口|网络|物料|商品|库存|客户|编码|字段|店|仓|失败|任务|定时|告警|对照|数据|金额|发货|出库|销量|系统|服务|差异|积压|日报|问题|原因|缺料|关账|权限|管理员|操作员|组织|税率|额度|期间|磁盘|内存|清单|待处理|补漏|后台|夜间|[Tt]oken|历史|记录|快递|物流|凭证|操作|结果|[上下这本]一?次|抖音|天猫|淘宝|京东|拼多多|快手';
/** A time or a thing that is named: the sentence is about just that. */
const moment =
  '昨[天日晚]|前[天日]|今[天日早晚]|现在|目前|当前|眼下|此刻|此时|这会儿|最近|近期|近来|这几天|这两天|上周|上个?月|本[月周]|这周|这个月|上午|下午|早上|凌晨|[这那该]一?[几些]?个?(?:单|张|笔|批|家|店|仓|物料|商品|客户|订单|字段)|[你您]的(?:单|订单|店|货)';
/** What makes a statement of it: it is, has, is at, has been, is not. */
const predicate =
  '是(?!否)|(?<![现所])在(?!于)|有(?!关|时|需)|没|着(?!急|手|重|想)|了(?!解)|(?<![经通超])过(?!程|滤|来|后)|不(?:对|通|上|在|到|够|足|稳|全|平|同|存在|正常|可用|严重|大|多|少|高|低)|正常|一致|完成|成功|开始|过期|失效|无效|错误|错$|异常|为(?:空|零|负)|被|来自|源于|导致|造成|通过|满$|跑(?:着|完|过)?$|尚未|(?<!从)未(?!必|来|知)|即将|到期|处于|检测到|看到|显示|(?:减少|增加|下降|上升|偏[高低多少])';
const degree =
  '(?:很|较|非常|特别|最|偏|挺|太|有点|相当|十分|更|略|明显|稍)(?:高|低|大|小|多|少|严重|集中|快|慢|稳|好|差|忙|乱|不错|理想)(?!的)';
const statement = new RegExp(
  `(?:${matter}|${moment})[^]*?(?:${predicate}|${degree})|(?:${predicate})[^]*?(?:${matter}|${moment})`,
);
const dated = new RegExp(`(?:${moment})[^]*?(?:${matter})|(?:${matter})[^]*?(?:${moment})`);

/** Claims by their form, whatever they are about. */
const bare = [
  /(?<![早而不])(?:已经?|刚刚?(?!好)|刚才|均已)(?![^，,。；;]{0,14}的[^，,。；;])/,
  /^(?:一切.{1,4}|风平浪静|全绿|马上(?:就)?好|妥妥的?|没事了|没问题了?|成功|完成|正常|就绪|通过|搞定|ok|OK)$/,
  /(?:都|全|一切|所有|全部|统统|整体|总体)(?:是|很|挺)?[^，,。；;]{0,3}(?:好了|完了|成了|妥了|过了|好的|没事|没问题|顺利|顺畅|通过|到位|ok)|(?:一切|都|全部)好$/i,
  /[\u4e00-\u9fff]{2}(?:完成|完毕|成功)了?$/,
  /(?:算|设|填|写|配|选|传|导)错了$/,
  /(?:没啥|没什么|没有什么|无)(?:大)?(?:事|问题|毛病|异常|要紧)/,
  /一单(?:不|没|也没|都没)(?:落|少|差|丢|漏)|创新[高低]|(?:失败率|成功率|环比|同比)[^，,。；;]{0,8}[高低升降涨跌增减]/,
  /(?:有些|有的|部分|某些|个别|许多|不少|很多|大量|好些|一些|几)(?:单|订单|店|仓|商品|物料|数据)/,
  /(?:^|我)(?:正在|还?在)(?:忙|自动|查|跑|处理|写|看|核|算|同步|对)/,
  /(?:状态|结果|进度|结论)(?:是|为|：|:)\s*(?:成功|失败|正常|完成|通过|写入|排队|进行)/,
  /\bthere (?:is|are)\b|\bno (?:\w+ )?(?:orders?|bills?|failures?|errors?)\b/i,
  /\b(?:orders?|sync|data|bills?|everything|all|it)\b[^.?]{0,40}\b(?:is|are|was|were|has|have|had)\b|\b(?:it's|they're|that's) (?:done|fine|ok|in)\b/i,
];

/** 「没有对照的」「没有审核的单子」: a thing that is named, nothing that is said of it. */
const nominal = /^(?:没有|有|缺|未|已)?[^是在了]{0,12}的(?:单子?|订单|店铺?|商品|物料|仓库|数据)?$/;

/**
 * Whether a clause states something about the business or its systems: an assertion, and neither a question, a condition, advice,
 * nor talk of what is usual. Only where nobody has looked anything up; for what tools have told see `claims.ts`.
 */
export function isStatement(clause: string, next: string | undefined): boolean {
  if (isAdvice(clause) || nominal.test(clause)) return false;
  if (bare.some((form) => form.test(clause)) || dated.test(clause)) return true;
  return statement.test(clause) && !(follows(next) && !new RegExp(moment).test(clause));
}
