/** The words of each intent. The first intent with a matching word wins, so the narrower ones stand first. Add a word, and it is understood. */
export const intents = [
  {
    intent: 'confirm',
    words:
      /^(?:确认|确定|是的?|对的?|好的?|行|可以|同意|没问题|ok|yes|确认同步|执行|开始)(?:[,，\s]*(?:确认|确定|执行|同步|推|开始|就这样|可以)(?:吧|了)?)*$/i,
  },
  { intent: 'reject', words: /^(?:取消|不用了?|不要了?|先不要?|别了|no|不)$/i },
  {
    intent: 'help',
    words: /^(?:帮助|help|你?会(?:做)?什么|你能(?:做|干)什么|怎么用|.{0,4}(?:什么|哪些|啥)功能|功能)/i,
  },
  { intent: 'forget', words: /^(?:算了|当我没说|不说了|忘(?:了|掉)吧?|刚才的不算)(?:吧|啦|了)?$/ },
  {
    intent: 'smalltalk',
    words:
      /^(?:谢谢(?:你|小青)?|多谢|辛苦了?|厉害|真棒|棒|不错|晚安|再见|拜拜|哈哈+|嗯+|哦+|收到|知道了|明白了?)(?:啊|哈|哦|了|啦)?$/,
  },
  { intent: 'greeting', words: /^(?:你好|您好|大家好|哈喽|hi|hello|嗨|在吗|早上好|下午好)$/i },
  {
    intent: 'out_of_scope',
    words:
      /全(?:部|都)?(?:给我)?删|删(?:了|掉|除)?(?:所有|全部|全)|清空|批量删|天气|笑话|股票|翻译|新闻|写首|写一首|唱歌|彩票|星座|请假|考勤|系统提示|提示词|密码|密钥/,
  },
  {
    intent: 'unsilence_alert',
    words:
      /(?:取消|解除|关(?:掉|闭)|去掉|结束)[^,，。]{0,6}(?:静音|勿扰|屏蔽)|(?:告警|报警|提醒)[^,，。]{0,4}(?:恢复|打开)/,
  },
  {
    intent: 'silence_alert',
    words:
      /静音|免打扰|勿扰|屏蔽|(?:先)?(?:别|不要)(?:再)?(?:告警|报警|提醒|响)|(?:告警|报警|提醒)[^,，。]{0,4}(?:别|停|关)/,
  },
  { intent: 'ack_alert', words: /认领|我来(?:处理|看|跟|弄|搞|查)|我(?:在|正在)处理|交给我|我负责/ },
  {
    intent: 'pause_schedule',
    words:
      /(?:自动|定时|计划任务|调度)[^,，。]{0,8}(?:停|关|别|不要)|(?:停|关|别|不要)[^,，。]{0,4}(?:自动|定时|计划任务|调度)/,
  },
  {
    intent: 'resume_schedule',
    words:
      /(?:自动|定时|计划任务|调度)[^,，。]{0,6}(?:恢复|打开|开启|启用|开起来|开一下|继续)|(?:恢复|打开|开启|启用|继续|重新开)[^,，。]{0,4}(?:自动|定时|计划任务|调度)/,
  },
  {
    intent: 'show_schedule',
    words:
      /(?:自动|定时|计划任务|调度)[^,，。]{0,8}(?:几点|什么时候|多久|怎么设|是什么|多少|情况|查|看)|(?:多久|几点|什么时候)[^,，。]{0,6}(?:自动|跑一次|同步一次|会跑)|下(?:次|一次)[^,，。]{0,6}(?:什么时候|几点)|[看查][^,，。]{0,4}(?:定时|计划任务)/,
  },
  {
    intent: 'set_schedule',
    words:
      /每(?:天|日|晚|早|周|星期|礼拜|月|小时|半|隔|\d+|[一二两三四五六七八九十]+)[^,，。]{0,12}(?:跑|推|同步|执行|自动|一次|一遍)|(?:改|设|调|换)(?:成|为|到)[^,，。]{0,4}(?:每|定时)|定时[^,，。]{0,6}(?:改|设|调)/,
  },
  { intent: 'audit_log', words: /谁[^,，。]{0,10}(?:动|改|操作|同步|推|删|停|确认|跑|撤|执行)|操作(?:记录|日志)|审计/ },
  {
    intent: 'api_params',
    words: /接口[^,，。]{0,8}(?:参数|传|字段|文档)|(?:请求|入|出|返回|必填)参数?[^,，。]{0,6}(?:哪些|什么|有)/,
  },
  {
    intent: 'set_master_data',
    words:
      /(?:店铺?|仓库?|物料|sku|客户)[^,，。?？]{0,16}(?:对应|映射到|改成|设(?:成|为)|换成|绑(?:定)?到?|关联到)(?:客户|仓库|组织|物料|编码)?\s*[A-Za-z]*\d/i,
  },
  {
    intent: 'master_data',
    words:
      /(?:对应|是|绑|映射|挂|归)(?:的)?(?:哪个|什么|哪家|啥|哪些)(?:金蝶)?(?:的)?(?:客户|仓库?|组织|物料|店铺|编码)|(?:店铺|仓库|物料|客户)[^,，。]{0,6}(?:对照|对应关系|对应表)/,
  },
  {
    intent: 'explain_mapping',
    words:
      /怎么来|怎么算|怎么取|取值|推到哪|写到哪|什么字段|哪个字段|从哪(?:里|儿)?来|哪来的|取自|对应(?:哪个|什么)字段|是怎么|为什么是|为啥是|怎么映射|映射规则/,
  },
  {
    intent: 'move_date',
    words:
      /(?:改到|移到|记到|挪到|放到)[^,，。]{1,12}(?:记账|入账|的账|账期)|(?:记账|入账|单据)日期?[^,，。]{0,8}(?:改|移|挪|换)/,
  },
  { intent: 'choose', words: /^(?:就|选|要|用)?第[一二三四五六七八九十\d]+(?:个|条|项|种|类)(?:吧|的)?$|^[1-9]$/ },
  { intent: 'reconcile', words: /对(?:一?下)?账|核对|对得上|对不上|两边[^,，。]{0,4}(?:一致|差)/ },
  {
    intent: 'report',
    words:
      /(?<!失败)(?:日报|周报|月报|报表|排行|销量|单量|多少(?:单|钱|件)|各店|按(?:店铺|仓库?|天|日|周|月|sku))|最(?:好|多)的(?:sku|商品|店|仓)/i,
  },
  { intent: 'retry', words: /重试|再(?:试|推|跑|传)(?:一(?:次|下|遍))?|重(?:推|跑|传)/ },
  {
    intent: 'list_failures',
    words:
      /失败|没过去|没(?:有)?(?:进|推|同步|写)(?:过去|成功|进去|金蝶)|没过(?!户)|漏(?:了|单)|报错|出错|(?:还有)?哪些没/,
  },
  { intent: 'cancel_run', words: /停(?:掉|下|止|一下|了)|中止|终止|别跑了|取消(?:任务|同步|正在)/ },
  {
    intent: 'run_status',
    words: /进度|百分之|还要多久|跑到哪|运行到哪|到哪(?:里|儿)?了|同步(?:完|好)了?(?:吗|没)|(?:运行|同步)情况|完成了吗/,
  },
  { intent: 'undo', words: /撤(?:掉|销|回|单)|反审核|作废/ },
  {
    intent: 'order_status',
    words: /查(?:一下)?(?:单|这单)|(?:这一?单|单号).*(?:怎么样|在哪|状态|到了吗|过去了?[吗没])|状态/,
  },
  {
    intent: 'sync',
    words:
      /同步|补?推(?!荐)|传(?:过去|到|给)|写(?:进|入|到)金蝶|导(?:入|到)|拉(?:一下)?(?:单|过去)|补(?:一下|下|单)|试跑/,
  },
] as const;

export type Intent = (typeof intents)[number]['intent'] | 'none' | 'out_of_scope' | 'unknown';

/** Intents that write to the target or stop something. */
export const writes: readonly string[] = [
  'sync',
  'retry',
  'undo',
  'cancel_run',
  'confirm',
  'pause_schedule',
  'resume_schedule',
  'set_schedule',
  'set_master_data',
];

const writeWords =
  /同步|补?推|传|写进|写入|导入|重试|重推|补单|补一下|撤|反审核|作废|停|中止|取消|暂停|恢复|定时|自动|改成|设成|设为|对应|绑/;

/** Whether a sentence names a write at all, and not to refuse or to wonder about it. */
export function askedToWrite(sentence: string): boolean {
  return writeWords.test(sentence) && !notCommands.some(({ words }) => words.test(sentence));
}

/** Slips of the keyboard and of the ear. */
export const typos: readonly (readonly [RegExp, string])[] = [
  [/同[不布部步]|童步|通步/g, '同步'],
  [/订但|定单|丁单|订丹/g, '订单'],
  [/出(?:裤|酷|苦)|初库/g, '出库'],
  [/金[碟喋叠]|今蝶/g, '金蝶'],
  [/[巨具聚]水[谭坛潭]/g, '聚水潭'],
  [/重式|从试|重拾/g, '重试'],
  [/失拜|施败|失白/g, '失败'],
  [/[作做]天|昨添|昨夭/g, '昨天'],
  [/今添/g, '今天'],
  [/前添|钱天/g, '前天'],
  [/上[舟州洲](?=[一二三四五六日天末的])/g, '上周'],
  [/对帐/g, '对账'],
  [/撤消/g, '撤销'],
  [/字断/g, '字段'],
];

/** What a report or a list of failures is grouped by. */
export const groups = [
  { by: 'reason', words: /原因|错误类型/ },
  { by: 'shop', words: /店铺|各店|哪个店|平台/ },
  { by: 'warehouse', words: /仓/ },
  { by: 'sku', words: /sku|商品|货品|物料/i },
  { by: 'week', words: /每周|按周/ },
  { by: 'month', words: /每月|按月/ },
  { by: 'day', words: /每[天日]|按[天日]|逐日/ },
] as const;

/** Whose master data is asked for. */
export const entities = [
  { entity: 'customer', words: /(?:哪个|什么|哪家|啥|哪些)(?:金蝶)?客户|客户/ },
  { entity: 'warehouse', words: /仓/ },
  { entity: 'material', words: /物料|sku|商品/i },
  { entity: 'shop', words: /店/ },
] as const;

/** Signs that a sentence is about a command but is none: negation, hypothesis, question, report of speech. */
export const notCommands = [
  {
    reason: 'negation',
    words:
      /(?:别|不要|不用|不必|勿|甭|先不|暂时不|无需|不许|不能|不想)(?!真|忘|漏|落)(?:再|先|急着|给我|帮我)?[^,，。;；]{0,12}?(?:同步|推|传|重试|写|撤|跑|停|改|设)|没(?:有)?(?:让|叫|说要?)(?:你|她)?|(?:同步|推|传|写|跑)(?:的)?(?:先)?(?:别|不要)|的?别(?:再)?(?:同步|推|传|写|跑|动)/,
  },
  { reason: 'hypothesis', words: /等[^,，。]{1,10}(?:再|后)|如果|要是|假如|万一|假设|的话/ },
  {
    reason: 'question',
    words:
      /(?:吗|么|没有?|呢|[?？])$|会怎|怎么样|怎样|能不能|可不可以|是不是|会不会|要不要|有没有|怎么(?:同步|推|重试|撤)|如何|为什么|为啥|什么时候|谁/,
  },
  {
    reason: 'report',
    words:
      /(?:他|她|老板|客户|财务|领导|同事|有人|他们)(?:刚才?)?(?:说|让|问|叫|要求)|听说|昨天(?:我)?(?:已经)?(?:同步|推|传)(?:过|了)|已经(?:同步|推|传)|["“「『]/,
  },
] as const;

/** Documents other than outbound orders: never silently taken for them. */
export const otherDocuments = /采购|入库|退货|退款|售后|调拨|盘点|付款|收款单|发票|工资|报销|生产订单/;

/** Words for a failure's category. */
export const categories = [
  { category: 'material_missing', words: /物料|缺料|商品编码|sku/i },
  { category: 'value_map_missing', words: /对照|映射缺|没(?:有)?对应/ },
  { category: 'base_data_missing', words: /基础资料|客户不存在|仓库不存在/ },
  { category: 'not_allocated', words: /分配/ },
  { category: 'period_closed', words: /关账|结账|期间/ },
  { category: 'negative_stock', words: /负?库存/ },
  { category: 'transport', words: /超时|网络/ },
  { category: 'source_data', words: /源单|数据有问题/ },
  { category: 'session', words: /登录/ },
] as const;

/** Target fields people ask about by their Chinese names; longer names first. */
export const fieldNames = [
  '含税单价',
  '整单折扣额',
  '网上订单号',
  '是否赠品',
  '实发数量',
  '物料编码',
  '单据编号',
  '单据类型',
  '销售组织',
  '发货组织',
  '结算组织',
  '结算币别',
  '销售部门',
  '生产日期',
  '有效期至',
  '货主类型',
  '销售员',
  '税率',
  '单价',
  '批号',
  '客户',
  '仓库',
  '货主',
  '日期',
  '备注',
];
