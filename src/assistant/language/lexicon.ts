/** The words of each intent. The first intent with a matching word wins, so the narrower ones stand first. Add a word, and it is understood. */
export const intents = [
  { intent: 'confirm', words: /^(?:确认|确定|是的?|对的?|好的?|可以|同意|ok|yes|确认同步|开始)$/i },
  { intent: 'reject', words: /^(?:取消|算了|不用了?|不要了?|先不要?|别了|no|不)$/i },
  { intent: 'help', words: /^(?:帮助|help|你?会(?:做)?什么|你能(?:做|干)什么|怎么用|功能)/i },
  { intent: 'greeting', words: /^(?:你好|您好|hi|hello|嗨|在吗|早上好|下午好)$/i },
  { intent: 'bulk_delete', words: /全(?:部|都)?删|删(?:了|掉|除)?(?:所有|全部|全)|清空/ },
  {
    intent: 'explain_mapping',
    words: /怎么来|怎么算|从哪(?:里|儿)?来|哪来的|取自|对应(?:哪个|什么)字段|是怎么|为什么是|为啥是|怎么映射|映射规则/,
  },
  { intent: 'retry', words: /重试|再(?:试|推|跑|传)(?:一(?:次|下|遍))?|重(?:推|跑|传)/ },
  {
    intent: 'list_failures',
    words: /失败|没过去|没(?:有)?(?:进|推|同步|写)(?:过去|成功|进去|金蝶)|漏(?:了|单)|报错|出错|(?:还有)?哪些没/,
  },
  { intent: 'cancel_run', words: /停(?:掉|下|止|一下|了)|中止|终止|别跑了/ },
  {
    intent: 'run_status',
    words: /进度|跑到哪|运行到哪|到哪(?:里|儿)?了|同步(?:完|好)了?(?:吗|没)|(?:运行|同步)情况|完成了吗/,
  },
  { intent: 'undo', words: /撤(?:掉|销|回|单)|反审核|作废/ },
  {
    intent: 'order_status',
    words: /查(?:一下)?(?:单|这单)|(?:这一?单|单号).*(?:怎么样|在哪|状态|到了吗|过去了?[吗没])|状态/,
  },
  { intent: 'sync', words: /同步|补?推(?!荐)|传(?:过去|到|给)|写(?:进|入|到)金蝶|导(?:入|到)|拉(?:一下)?(?:单|过去)/ },
] as const;

export type Intent = (typeof intents)[number]['intent'] | 'none' | 'out_of_scope' | 'unknown';

/** Intents that write to the target or stop something. */
export const writes: readonly string[] = ['sync', 'retry', 'undo', 'cancel_run', 'confirm'];

/** Signs that a sentence is about a command but is none: negation, hypothesis, question, report of speech. */
export const notCommands = [
  {
    reason: 'negation',
    words:
      /(?:别|不要|不用|不必|勿|甭|先不|暂时不|无需|不许|不能|不想)(?:再|先|急着|给我|帮我)?[^,，。;；]{0,12}?(?:同步|推|传|重试|写|撤|跑)|(?:同步|推|传|写|跑)(?:的)?(?:先)?(?:别|不要)|的?别(?:再)?(?:同步|推|传|写|跑|动)/,
  },
  {
    reason: 'question',
    words:
      /(?:吗|么|没有?|呢|[?？])$|能不能|可不可以|是不是|会不会|要不要|有没有|怎么(?:同步|推|重试|撤)|如何|为什么|为啥|什么时候|谁/,
  },
  { reason: 'hypothesis', words: /如果|要是|假如|万一|假设|的话/ },
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
