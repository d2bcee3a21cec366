import type { Row } from './word.ts';

/** Words that join stretches or bound them. */
export const joints: readonly Row[] = [
  ['from', 0, '', '从|自|自从|起自|自打|始于'],
  // 「打昨天的单」 may be printing them: without 起 or 到 it bounds nothing.
  ['from', 0, 'weak', '打|打从|由'],
  ['in', 0, '', '在|于|整个'],
  ['to', 0, '', '到|至|到了|一路到|止于|->|→|…|⋯'],
  ['to', 0, 'slip', '道|倒|刀|导'],
  ['until', 0, '', '截至|截止|截止到|截止至|截至到|直至|直到|一直到|一直至|一直'],
  ['since', 0, '', '起|以来|开始|開始|起算|算起|开始算|起往后|始'],
  ['ends', 0, '', '为止|止|结束'],
  [
    'now',
    0,
    '',
    '现在|目前|此刻|当前|当下|此时|眼下|而家|宜家|依家|这会儿|这会|现时|如今|現在|这一刻|这时|此时此刻|now|right now|so far',
  ],
  [
    'till-now',
    0,
    '',
    '至今|迄今|至今为止|到目前为止|到现在为止|截至目前|截至现在|截止目前|截止现在|直到现在|迄今为止|一直到现在',
  ],
  ['and', 0, '', '和|跟|与|及|以及|还有|加|加上|再加|再加上|外加|连同|同|與|&|+|、'],
  ['of', 0, '', '的|嘅|之|地|滴'],
  ['particle', 0, '', '吧|啊|呀|哦|噢|嗯|呃|额|哎|诶|嘛|哇|啦|那个|就是说|这个那个'],
  [
    'not',
    0,
    '',
    '除了|除开|除去|除掉|除|不含|不包括|不包含|不算|不要|不用|排除|剔除|去掉|去除|跳过|扣除|刨去|刨除|除却|except|excluding|without|not including|other than',
  ],
  ['except', 0, '', '除外|以外|之外|不算|不包括|不包含|不要|excluded'],
  [
    'fix',
    0,
    '',
    '不对|说错|说错了|错了|哦不|噢不|啊不|不不|不不不|口误|打错|打错了|更正|写错|写错了|记错了|搞错了|呃不|额不|纠正|我是说|我说的是|准确说|算了还是|哦不对|不对不对|啊不对|嗯不对|no wait|i mean|actually|correction|scratch that',
  ],
  ['is-not', 0, '', '不是|不是说|并非|唔系|not'],
  ['is', 0, '', '是|应该是|而是|应该|应为|其实是|系|该是|才是|改为|就是'],
  ['every', 0, '', '每|每个|每逢|逢|每到|every|each'],
  ['every', 0, 'other', '每隔|隔|every other'],
  ['every', 1, 'day', 'daily|天天|日日'],
  ['every', 1, 'week', 'weekly'],
  ['every', 1, 'month', 'monthly'],
  ['every', 1, 'hour', 'hourly'],
  ['times', 0, '', '一次|一遍|一回|1次|1遍|跑一次|跑一遍|推一次|同步一次|执行一次|更新一次|一趟|once'],
  ['workday', 0, '', '工作日|上班日|weekdays|weekday|workdays|平日'],
  [
    'change',
    0,
    '',
    '改到|改成|改为|换成|换到|调到|调成|调整到|调整为|挪到|变成|设为|设成|设到|改在|定在|定到|定为|推迟到|提前到',
  ],
];

/** Times people say that name no stretch: they are asked about, and never read as something near. */
export const unclear: readonly Row[] = [
  [
    'unclear',
    0,
    '',
    '近期|近日|近来|前些天|前几日|前阵子|前段时间|前段|这阵子|这段时间|有段时间|那阵子|同期|同一时间|前些日子|早些时候|前排|呢排|近排|上个工作日|上一个工作日|这个时候|这时候|这个点|呢几日|呢几天|同一时候|同月|同日|同周|同季|recently|lately',
  ],
];
