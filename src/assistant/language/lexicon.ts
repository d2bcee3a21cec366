/**
 * The words of every intent, as data: small word classes, put together into patterns. `{name}` in a pattern is a class. The first
 * intent with a matching pattern wins, so the narrower ones stand first. Add a word, and it is understood.
 */
const classes: Readonly<Record<string, string>> = {
  /** Moving orders over. */
  sync: '同步|推送|补推|推(?![荐迟测算断翻])|传(?=过去|到|给|一下|下|送|了|$)|上传|写(?:进|入|到)|导(?:入|到|进|过去)|录(?:入|到|进)|补录|补(?![充助贴丁货])|拉(?:一下|下|过去|取|到)|弄到金蝶|搬(?:到|过去)|转到金蝶|发到金蝶|过到金蝶|试跑|跑(?:一下|下|一遍|一次|$)',
  again:
    '重试|再(?:试|推|跑|传|来|同步)(?:一?(?:次|下|遍|试|把)|$)|再(?:推|试|跑|传)|重新?(?:推|跑|传|来|发|同步|试)|重(?:推|跑|传|发)',
  fail: '失败|没(?:有)?(?:弄(?:进|过)去?|过去|进去?|进金蝶|推(?:过去|成功|上|成|过|进)?|同步(?:过去|成功|上|成|过|进)?|写(?:进|入)?(?:去|成功)?|传(?:过去|成功|上)?|成功|成(?!$)|过(?![户期来])|到金蝶)|未(?:同步|推|成功|写入|过)|漏(?:了|单|推|掉|同步)|报错|出错|异常|卡(?:住|单|着|了)|错误|不成功|推不(?:过去|动|上)|过不去|缺物料',
  stop: '停(?:掉|下来?|止|一下|了|用)?|关(?:掉|闭|了|一下|停)?|暂停|中止|终止|取消|禁用',
  start: '恢复|打开|开启|启用|启动|继续|重新开|开起来|开一下|开回来',
  no: '别|不要|不用|不必|勿|甭|无需|不许|不能|先不|暂不',
  schedule: '自动(?:同步|推送?|跑|任务|执行)?|定时(?:任务|同步|推送|器|跑)?|计划任务|调度|定期',
  alert: '告警|报警|警报|预警|提醒|通知',
  when: '几点|什么时候|啥时候|多久|多长时间',
  which: '哪个|什么|哪家|啥|哪些|哪一个|谁',
  metric:
    '单量|单数|订单量|出库量|出库单?数|销量|销售额|营业额|金额|件数|成功率|失败率|总额|总数|合计|客单价|排行榜?|排名|走势|趋势|占比|日报|周报|月报|年报|报表|报告|战报',
  code: '[A-Za-z0-9][\\w.-]*\\d[\\w.-]*',
};

/** A pattern with its classes filled in; `,` stands for the end of a clause. */
const words = (pattern: string, flags = ''): RegExp =>
  new RegExp(
    pattern.replace(/\{(\w+)\}/g, (_, name: string) => `(?:${classes[name]})`).replaceAll('~', '[^,，。;；]'),
    flags,
  );

/** What is closed waits until somebody opens it, or until a day; 「再」 and 「后」 in it make it no hypothesis. */
export const waitingForPeriod =
  /等[^,，。]{0,6}(?:反关账|反结账|开账|开期间)(?:了|以后|之后|后)?(?:再[^,，。]{0,6})?|(?:关账|结账)[^,，。]{0,10}(?:等|放|压)到[^,，。]{1,12}(?:再[^,，。]{0,6})?/;

export const intents = [
  {
    intent: 'confirm',
    words: words(
      '^(?:确认|确定|是的?|对的?|好的?|好嘞|好呀|行|可以|同意|没问题|没毛病|没错|可以的|行的|确认一下|嗯+|ok|okay|yes|y|确认同步|确定要?(?:同步|推|执行)|执行|开始|就这样|就这么办|同步吧|推吧)(?:[,，。\\s]*(?:确认|确定|执行|同步|推|开始|就这样|就这么办|可以|没问题|没错|来|弄|搞|走起|都)(?:吧|了|一下|的)?)*$',
      'i',
    ),
  },
  {
    intent: 'forget',
    words: /^(?:(?:还是)?算了|当我没说|不说了|忘(?:了|掉)吧?|刚才的不算|当没说过)(?:吧|啦|了)?$/,
  },
  {
    intent: 'reject',
    words:
      /^(?:取消|不用了?|不要了?|先不要?|先不用了?|先别了?|别了|no|n|不|不行|不可以|不对|不(?:同步|推|写|传|执行|确认|撤|重试)了?|先等等|等一下|等等|停手)(?:[,，\s]*(?:先?等(?:一下|等)?|等等|先不|算了|不要|取消|别|不用了?))*$/i,
  },
  {
    intent: 'choose',
    words: /^(?:就|选|要|用|我?选)?第[一二三四五六七八九十\d]+(?:个|条|项|种|类)(?:吧|的)?$|^[1-9]$/,
  },
  {
    intent: 'smalltalk',
    words:
      /^(?:(?:太|非常|十分)?(?:感谢|谢谢|多谢|谢啦|谢了)(?:你|小青|您)?|辛苦|(?:你|小青)?(?:真|太|好|很|最)?(?:棒|厉害|牛|聪明|可爱|给力|不错|贴心|好用)|晚安|再见|拜拜|哈+|呵呵|哦+|收到|知道了?|明白|了解)(?:啊|哈|哦|了|啦|呀|你)*$/,
  },
  {
    intent: 'greeting',
    words:
      /^(?:大家|小青)?(?:你好|您好|大家好|哈喽|哈啰|hi|hello|hey|嗨|在吗|在不在|在么|早|早上好|早安|中午好|下午好|晚上好|小青)(?:啊|呀|吗)?$/i,
  },
  {
    intent: 'out_of_scope',
    words: words(
      '(?:删|清空|清掉|清除|抹掉)(?!~{0,12}\\d{6})|天气|笑话|股票|基金|翻译|新闻|写(?:一?(?:首|篇|份|个|封))|唱歌|彩票|星座|请.{0,2}假|个假|休假|考勤|打卡|吃什么|外卖|电影|打车|订票|会议室|系统提示|提示词|密码|密钥|secret|api.?key|(?:忽略|无视|忘记|忘掉)~{0,6}(?:规则|指令|要求|设定)|扮演|假装你|星期几|几月几号|现在几点|算一下|给我~{0,6}权限|管理员权限|你是谁|谁~{0,4}(?:开发|做出|创造|发明)|开发的|快递|物流|你多大|你叫什么|人工智能|机器人吗|1\\s*\\+\\s*1',
      'i',
    ),
  },
  {
    intent: 'help',
    words: words(
      '^(?:帮助|help|\\?|？)|(?:^|你|小青)(?:都|还)?(?:会|能|可以)(?:帮我|帮忙)?(?:做|干|处理|管)?(?:些|点)?(?:{which}|嘛|点啥)|怎么(?:用|使用|操作)|使用(?:说明|手册|方法)|你是(?:干|做)(?:什么|啥)|教程|说明书|操作手册|(?:{which})(?:些)?(?:功能|指令|命令)|^功能|支持(?:{which})|(?:^|问下?|教我?)(?:怎么|如何|怎样)~{0,12}(?:{sync}|{again}|撤|设置|对账|预览)',
      'i',
    ),
  },
  {
    intent: 'list_alerts',
    words: words(
      '(?:有|看|查|列)~{0,6}(?:{which})?~{0,3}(?:告警|报警|警报)(?!~{0,6}(?:静音|停|关|别))|(?:告警|报警|警报)~{0,4}(?:{which}|列表|情况|吗)|谁~{0,2}(?:在(?:处理|跟|管)|认领|接手)|静音~{0,2}到(?:{when}|几点)|静音了(?:{which}|吗)|(?:{which})(?:告警|报警|警报)~{0,4}静音',
    ),
  },
  {
    intent: 'unsilence_alert',
    words: words(
      '(?:取消|解除|关(?:掉|闭)?|去掉|结束|停止)~{0,6}(?:静音|勿扰|免打扰|屏蔽)|(?:静音|勿扰|免打扰|屏蔽)~{0,3}(?:取消|解除|关|去掉|结束|停)|(?:{start})~{0,6}(?:{alert})|(?:{alert})~{0,4}(?:{start}|开)',
    ),
  },
  {
    intent: 'silence_alert',
    words: words(
      '静音|免打扰|勿扰|屏蔽|(?:{no}|{stop})~{0,8}(?:{alert})|(?:{alert})~{0,6}(?:{no}|{stop}|闭嘴)|(?:{no})(?:再)?(?:响|叫|吵|弹)',
    ),
  },
  {
    intent: 'ack_alert',
    words:
      /认领|我来(?:处理|看|跟|弄|搞|查|解决|吧|$)|我(?:在|正在|去|先)(?:处理|看|跟|弄|搞|查|解决)|交给我|我负责|我接(?:手|了)?|包在我|我跟进?/,
  },
  {
    intent: 'show_schedule',
    words: words(
      '(?:{schedule})~{0,10}(?:{when}|怎么设|是什么|多少|情况|开着|开没开|状态|(?:频率|间隔)(?!~{0,4}(?:改|设|调|换))|哪些|有没有|正常吗|在跑吗|还在吗|设置是|配置)|(?:{when})~{0,6}(?:自动|跑一次|同步一次|会跑)|(?:下(?:次|一次)|下回)~{0,8}(?:{when})|(?:看|查|显示)~{0,4}(?:{schedule})',
    ),
  },
  {
    intent: 'audit_log',
    words:
      /谁[^,，。]{0,10}(?:动|改|操作|同步|推|删|停|确认|跑|撤|执行|弄|点|触发|开|关|设|批)|操作(?:记录|日志|历史)|变更记录|日志|审计/,
  },
  {
    intent: 'set_schedule',
    words: words(
      '(?:每|隔)(?:天|日|晚|早|周|星期|礼拜|月|个?小时|半|隔|\\d+|[一二两三四五六七八九十]+)~{0,14}(?:{sync}|跑|执行|自动|更新|一次|一遍)|(?:改|设|调|换|设置|安排)(?:成|为|到|在)?~{0,4}(?:每|定时)|(?:改|设|调|换)(?:成|为|到)?(?:半|\\d+|[一二两三四五六七八九十]+)个?(?:小时|分钟|钟头)|(?:{schedule})~{0,8}(?:改|设(?!置是)|调|换)(?:成|为|到|在)?',
    ),
  },
  {
    intent: 'pause_schedule',
    words: words('(?:{schedule})~{0,8}(?:{stop}|{no})|(?:{stop}|{no})~{0,6}(?:{schedule})'),
  },
  {
    intent: 'resume_schedule',
    words: words(
      '(?:{schedule})~{0,8}(?:{start})|(?:{start})~{0,6}(?:{schedule})|把(?:{schedule})开|(?:{schedule})~{0,3}开$',
    ),
  },
  {
    intent: 'api_params',
    words:
      /(?:接口|api|batchsave|saleout)[^,，。]{0,12}(?:参数|传|字段|文档|返回)|(?:请求|入|出|返回|必填|传)参数?[^,，。]{0,6}(?:哪些|什么|有)|接口文档/i,
  },
  { intent: 'hold_closed', words: waitingForPeriod },
  {
    intent: 'move_date',
    words:
      /^(?:那|就|都|全部?|统一)*(?:改|移|挪)到\s*(?:\d{4}[-年])?\d{1,2}[-./月]\d{1,2}[日号]?(?:吧)?$|(?:改到|移到|记到|挪到|放到|改成|算到)[^,，。]{1,12}(?:记账|入账|做账|的账|账期)|(?:记账|入账|单据|做账)(?:日期?|时间)?[^,，。]{0,8}(?:改|移|挪|换)/,
  },
  {
    intent: 'undo_master_data',
    words:
      /(?:撤(?!资)|还原|恢复|取消|改回)[^,，。]{0,12}(?:对照|对应关系|映射)|(?:对照|映射)[^,，。]{0,8}(?:撤|还原|改回)/,
  },
  {
    intent: 'master_data',
    words: words(
      '(?:店铺?|仓库?|sku|商品|货号|货品|{code})~{0,20}(?:对应|是|绑定?|映射|挂|归属?|关联|用)(?:的|到|着|在)*(?:金蝶)?(?:的|里的?)?(?:哪个|什么|哪家|啥|哪一个|哪些)(?!字段|原因|情况|状态|问题|时候)|(?:店铺|仓库|物料|商品|客户)~{0,6}(?:对照|对应关系|对应表|映射表)',
      'i',
    ),
  },
  {
    intent: 'set_master_data',
    words: words(
      '(?:店铺?|仓库?|物料|sku|客户|商品|{code})~{0,16}(?:对应到?|映射到|改成|改为|设(?:成|为)|换成|绑(?:定)?到?|关联到?|指向)~{0,8}?[A-Za-z]*-?\\d',
      'i',
    ),
  },
  {
    intent: 'undo',
    words: /撤(?!资)|反审核|反审|作废|红冲|冲掉|(?:删|删除|删掉)[^,，。]{0,12}\d{6}|\d{6,}[^,，。]{0,8}删/,
  },
  {
    intent: 'explain_mapping',
    words: words('怎么来|哪来|映射规则(?!出错|报错|有错)|字段映射|(?:{which})字段|取自哪|从哪(?:里|儿)?来'),
  },
  {
    intent: 'reconcile',
    words: words(
      '对(?:一?下|个|一对|平)?账|对~{0,10}账$|核对|核一下|(?:对|比)(?:一下|一对|得上|不上|得起来)|两边~{0,8}(?:一致|差|对|比|核|一样)|聚水潭~{0,8}金蝶~{0,12}(?:差|一致|对(?!应)|比|核|相符|一样|少)|金蝶~{0,8}聚水潭~{0,12}(?:差|一致|对(?!应)|比|核|相符|一样)|差异',
    ),
  },
  {
    intent: 'list_failures',
    words: words(
      '(?:{fail})(?!率)~{0,8}(?:{which}|原因|明细|列表|多少|(?<![那这])几[单个条]|汇总|统计|分布)|(?:{which}|多少|(?<![那这])几[单个条])~{0,8}(?:{fail})(?!率)',
    ),
  },
  {
    intent: 'run_status',
    words: words(
      '进度|百分之|还要多久|还剩|还差(?:多少|几)|还有多久|跑到(?:哪|多少|几)|运行到哪|到哪(?:里|儿|了|一步)|(?:跑|同步|推|传|写)?(?:完成|完|好)了?(?:吗|么|没有?|没)$|(?:完成|好)了吗|在跑(?:什么|啥|吗|没|着)|(?:运行|同步|任务|推送)(?:情况|状态|结果|进展)|(?:上次|上一次|最近一次|最后一次)~{0,6}(?:同步|跑|推|运行)|怎么样了$|(?:任务|同步|程序)~{0,6}卡|没(?:跑|同步|推)(?:完|好)|还没(?:完|好)',
    ),
  },
  {
    intent: 'report',
    words: words(
      '(?:{metric})|统计|汇总|(?:推|同步|写|出|发|传|跑)了?几[单个条]|top\\s*\\d|多少(?:单|钱|件|个?订单|笔|量)?|卖得|各(?:店|仓|平台|个店)|按(?:店铺?|仓库?|平台|天|日|周|月|sku|商品)|最(?:好|多|高|少|低|差)的',
      'i',
    ),
  },
  { intent: 'retry', words: words('{again}') },
  { intent: 'list_failures', words: words('(?:{fail})(?!率)') },
  {
    intent: 'cancel_run',
    words: words(
      '^(?:{stop}|停)(?:吧|了|掉)?$|^停停|停一停|中断|(?:任务|同步)~{0,3}取消|停(?:掉|下来?|止|一下|了)|(?:^|[,，]|赶紧|快|先|马上|立刻)停(?:吧|了|掉)?(?:$|[,，])|中止|终止|打断|{no}跑了|取消(?:任务|同步|正在|当前|这次)|暂停(?:同步|任务|推送)',
    ),
  },
  {
    intent: 'order_status',
    words: words('查(?:一下|下)?(?:单|这单|订单)|(?:这一?单|单号)~*(?:怎么样|在哪|状态|到了吗|过去了?[吗没]|情况)'),
  },
  { intent: 'sync', words: words('{sync}') },
] as const;

export type Intent = (typeof intents)[number]['intent'] | 'none' | 'out_of_scope' | 'unknown';

/** Words that make a command of several kinds of intent, for questions that cut across them. */
export const verbs = {
  sync: words('{sync}'),
  again: words('{again}'),
  fail: words('(?:{fail})(?!率)'),
  /** Not pushed yet, which is no failure. */
  notYet: words('(?:还)?没(?:有)?(?:推|同步|传|补)(?!过去|成功|上|过|进|成)|漏(?:推|同步|传|了|单|掉)+', 'g'),
  anyWrite: words('{sync}|{again}|撤|反审|作废|{stop}|{start}|{schedule}|改成|改为|设成|设为|对应|绑|映射到'),
};

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
  'undo_master_data',
  'move_date',
  'hold_closed',
];

/** Whether a sentence names a write at all, and not to refuse or to wonder about it. */
export function askedToWrite(sentence: string): boolean {
  return verbs.anyWrite.test(sentence) && !notCommands.some(({ words: sign }) => sign.test(sentence));
}

/** Slips of the keyboard and of the ear. */
export const typos: readonly (readonly [RegExp, string])[] = [
  [/同[不布部歩埗]|[童通铜桶]步|tong\s*bu/gi, '同步'],
  [/订[但丹]|[定丁]单/g, '订单'],
  [/出(?:裤|酷|苦)|初库/g, '出库'],
  [/金[碟喋叠]|今蝶/g, '金蝶'],
  [/[巨具聚]水[谭坛潭]/g, '聚水潭'],
  [/重式|从试|重拾|虫试/g, '重试'],
  [/失拜|施败|失白/g, '失败'],
  [/[作做]天|昨[添夭]|zuotian/g, '昨天'],
  [/今[添夭](?!津)|jintian/g, '今天'],
  [/前添|钱天/g, '前天'],
  [/上[舟州洲](?=[一二三四五六日天末的])/g, '上周'],
  [/对帐/g, '对账'],
  [/撤消/g, '撤销'],
  [/字断/g, '字段'],
  [/物[聊廖]/g, '物料'],
  [/店[普谱]/g, '店铺'],
  [/定[失实]/g, '定时'],
  [/竟音/g, '静音'],
];

/** Traditional characters as simplified ones, as far as these words need it. */
export const traditional: readonly (readonly [string, string])[] = [
  ...'訂订單单發发後后個个週周號号點点時时間间對对賬账帳账庫库倉仓貨货審审試试敗败誰谁這这還还嗎吗沒没為为麼么從从來来兩两雙双報报過过進进寫写補补動动轉转錯错誤误關关開开幾几頭头應应該该設设價价稅税條条應应'.matchAll(
    /(.)(.)/g,
  ),
].map(([, from = '', to = '']) => [from, to] as const);

/** What a report or a list of failures is grouped by. */
export const groups = [
  { by: 'reason', words: /原因|错误类型|报错类型/ },
  { by: 'shop', words: /店铺|各店|哪个店|哪家店|平台|按店/ },
  { by: 'warehouse', words: /仓/ },
  { by: 'sku', words: /sku|商品|货品|物料|款/i },
  { by: 'week', words: /每周|按周|周度/ },
  { by: 'month', words: /每个?月|按月|月度/ },
  { by: 'day', words: /每[天日]|按[天日]|逐日|走势|趋势|日均/ },
] as const;

/** Whose master data is asked for. */
export const entities = [
  { entity: 'customer', words: /(?:哪个|什么|哪家|啥|哪些)(?:金蝶)?(?:的)?客户|客户/ },
  { entity: 'material', words: /物料|sku|商品|货号|货品/i },
  { entity: 'warehouse', words: /仓/ },
  { entity: 'shop', words: /店/ },
] as const;

/** Signs that a sentence is about a command but is none: negation, hypothesis, question, report of speech. */
export const notCommands = [
  {
    reason: 'negation',
    words: words(
      '(?:别|不要|不用|不必|勿|甭|先不|暂时?不|无需|不许|不能|不想|不需要|不(?=同步|推(?!荐)|传|写|重试|撤|跑))(?!真|忘|漏|落)(?:再|先|急着|给我|帮我|要|用|管|理|动)?~{0,28}?(?:{sync}|{again}|写|撤|跑|停|改|设|推|传|管|理会?|动|处理)|没(?:有)?(?:让|叫|说要?)~{0,4}|(?:同步|推|传|写|跑)(?:的)?(?:先)?(?:别|不要)|的?(?:别|先不)(?:再)?(?:同步|推|传|写|跑|动|管)|暂缓|先缓|缓一?缓|先放|搁置|(?:先)?(?:不要|不用|别|不必)了?$',
    ),
  },
  {
    reason: 'hypothesis',
    words:
      /等[^,，。]{1,12}(?:再|后|才)|如果|要是|假如|万一|假设|的话|除非|倘若|(?:明天|回头|晚点|改天|稍后|过会儿?|待会儿?|到时候|以后)再/,
  },
  {
    reason: 'question',
    words:
      /(?:吗|么|没有?|呢|[?？]|不)$|会怎|怎么样|怎样|^(?:能|可以|可否|是否)|(?:我|你)(?:能|可以)|能不能|可不可以|是不是|会不会|要不要|有没有|该不该|需不需要|怎么(?:同步|推|重试|撤|停|改|设)|如何|为什么|为啥|什么时候|谁|多少|多久|多长时间|(?<![那这每])几[单个条]/,
  },
  {
    reason: 'report',
    words:
      /(?:他|她|老板|客户|财务|领导|同事|有人|他们|仓库|主管|会计|经理|买家)(?:刚才?|今天|昨天)?(?:说|让|问|叫|要求|留言|备注|通知|反馈)|听说|据说|(?:没人|有人|没有人)[^,，。]{0,3}(?:同步|推|传|写|撤)过|没[^,，。]{0,8}(?:过|了)?吧$|(?:已经?|早就?|都)(?:经)?[^,，。]{0,4}(?:同步|推|传|重试|撤|写)(?:过|完|好)?了|(?:同步|推|传|撤|写|重试)过[^,，。]{0,8}了|["“”「『]|备注|写着|上写|留言/,
  },
] as const;

/** A question that is tagged on to a request: 「…，可以吗」. */
export const tagQuestion = /[,，]?\s*(?:可以|行|好|成|能行|ok)(?:吗|么|不|嘛)[?？]?$/i;

/** Documents other than outbound orders: never silently taken for them. */
export const otherDocuments =
  /采购|入库|退货|退款|售后|调拨|盘点|付款|收款单|发票|工资|报销|生产订单|加工单|应收单|应付单|凭证|库存单|其他出库|报价单/;

/** The wrong way round: from the target back to the source. */
export const reverseDirection =
  /金蝶[^,，。]{0,14}(?:到|回|进|给)聚水潭|反(?:向|过来)同步|从金蝶[^,，。]{0,8}(?:到|拉|同步)/;

/** Words for a failure's category. */
export const categories = [
  { category: 'not_allocated', words: /没(?:有)?分配|未分配/ },
  { category: 'material_missing', words: /物料|缺料|缺物料|商品编码|sku(?:不存在|没|缺)/i },
  { category: 'value_map_missing', words: /没(?:有)?对照|映射缺|没(?:有)?(?:对应|映射)|未映射|对照缺/ },
  { category: 'base_data_missing', words: /基础资料|客户(?:不存在|没有|没建)|仓库(?:不存在|没有|没建)|客户缺/ },
  { category: 'period_closed', words: /关账|结账|期间|账期/ },
  { category: 'negative_stock', words: /负库存|库存(?:不足|不够|为负)?|缺货/ },
  { category: 'duplicate_conflict', words: /重复|单号冲突|同号单据/ },
  { category: 'permission', words: /(?:没有?|无)权限|权限不足/ },
  { category: 'rate_limited', words: /限流|限频|太频繁|频率/ },
  { category: 'transport', words: /超时|网络|连不上|断开|连接/ },
  { category: 'source_data', words: /源单|数据有问题|没有?明细|数据错/ },
  { category: 'session', words: /登录|登陆|会话|session/i },
  { category: 'mapping', words: /(?:映射)?规则(?:出错|报错|有错)/ },
  { category: 'unknown', words: /其[他它]原因的/ },
] as const;

/** Target fields people ask about by their Chinese names; longer names first. */
export const fieldNames = [
  '含税单价',
  '整单折扣额',
  '网上订单号',
  '是否含税',
  '是否赠品',
  '实发数量',
  '物料编码',
  '单据编号',
  '单据类型',
  '销售组织',
  '发货组织',
  '库存组织',
  '结算组织',
  '结算币别',
  '结算方式',
  '库存状态',
  '库存单位',
  '销售部门',
  '生产日期',
  '有效期至',
  '货主类型',
  '价税合计',
  '折扣额',
  '销售员',
  '税率',
  '税额',
  '汇率',
  '单价',
  '金额',
  '批号',
  '客户',
  '仓库',
  '货主',
  '日期',
  '备注',
  '数量',
] as const;
