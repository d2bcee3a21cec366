import type { Block, Button, Card } from '../../src/channels/message.ts';

const button = (label: string, style: Button['style'] = 'default', say = label): Button => ({
  label,
  style,
  action: { name: 'confirm', args: { id: '1' } },
  say,
});
const fields = (...pairs: [label: string, value: string][]): Block => ({
  type: 'fields',
  fields: pairs.map(([label, value]) => ({ label, value })),
});
const base = { id: 'c1', tone: 'neutral' as const, blocks: [], buttons: [] };

/** Every kind of card there is, with what strangers write in it. */
export const cards = {
  confirm: {
    ...base,
    title: '要把这些出库单写进金蝶吗？',
    blocks: [
      fields(
        ['范围', '11-22（周日）00:00 → 24:00 · 按出库时间'],
        ['单数', '312 单 · ¥48,210.50 · 4 个店铺'],
        ['其中', '298 单金蝶已有，不会重复写；将写 14 单'],
      ),
    ],
    buttons: [button('确认同步', 'primary', '确认'), button('先预览'), button('取消')],
    note: '仅发起人可确认 · 10 分钟内有效',
  },
  progress: {
    ...base,
    title: '正在同步 11-22（周日） 的出库单',
    blocks: [
      {
        type: 'progress',
        done: 193,
        total: 312,
        text: '193 / 312 单 · 已写 8 · 已存在 184 · 失败 1 · 约还要 20 秒',
      },
    ],
    buttons: [button('停止', 'default', '停掉')],
  },
  report: {
    ...base,
    tone: 'warn',
    title: '同步完成，有失败 · 用时 48 秒 · 11-22（周日）',
    blocks: [
      {
        type: 'counts',
        counts: [
          { label: '写入', value: 11, tone: 'good' },
          { label: '已存在', value: 1298, tone: 'neutral' },
          { label: '失败', value: 3, tone: 'bad' },
          { label: '跳过', value: 0, tone: 'neutral' },
        ],
      },
      { type: 'text', text: '共 1312 单 ¥48,210.50 · 4 个店铺' },
      {
        type: 'table',
        columns: ['原因', '单数', '涉及', '办法'],
        rows: [
          ['物料不存在', '2 单', 'A-1093、B-20', '在金蝶新建这个物料、提交并审核，再点重试'],
          ['没有对照', '1 单', '<b>店</b>*10037*', '告诉我 10037 对应哪个客户'],
        ],
        omitted: 4,
      },
      { type: 'link', text: '下载明细表', path: 'https://x.example/file' },
    ],
    buttons: [button('看原因和办法', 'default', '有哪些失败'), button('重试这 3 单', 'primary', '重试')],
  },
  failures: {
    ...base,
    tone: 'warn',
    title: '还有 5 单没进金蝶，¥1,032.00',
    blocks: [
      fields(
        ['1 物料不存在', '3 单 · ¥620.00'],
        ['涉及', 'A-1093、B-20'],
        ['原因', '金蝶里没有这个物料'],
        ['办法', '在金蝶新建这个物料、提交并审核，再点重试'],
      ),
      fields(['2 关账', '2 单 · ¥412.00'], ['办法', '反关账后重试，或改到开着的期间记账']),
    ],
    buttons: [button('重试「物料不存在」3 单', 'primary', '重试物料不存在的')],
  },
  alert: {
    ...base,
    tone: 'bad',
    title: '🔴 物料不存在 · 11-23 14:02 起',
    blocks: [
      fields(
        ['影响', '37 单，从 11-23 14:02 起，不会丢'],
        ['原因', '金蝶里没有这个物料'],
        ['办法', '在金蝶新建这个物料、提交并审核，再点重试'],
        ['出库单', '261123004、261123011、261123019 等 37 个'],
      ),
    ],
    buttons: [button('补好了，重试', 'primary'), button('我来处理'), button('静音 1 小时')],
  },
  taken: {
    ...base,
    tone: 'warn',
    title: '🟡 物料不存在 · 飞书同事 在处理',
    blocks: [
      {
        type: 'fields',
        fields: [
          { label: '影响', value: '37 单，从 11-23 14:02 起，不会丢' },
          { label: '处理', value: '11-23 14:05 接手', person: 'feishu:ou_0123456789abcdef', name: '飞书同事' },
          { label: '静音', value: '设的，到 11-23 15:05', person: 'dingtalk:staff1', name: '老<b>王</b>' },
        ],
      },
    ],
    buttons: [button('补好了，重试', 'primary'), button('静音 1 小时')],
  },
  reconciliation: {
    ...base,
    tone: 'warn',
    title: '对账差 3 单 ¥126.40 · 11-22（周日）',
    blocks: [
      { type: 'text', text: '聚水潭 312 单 ¥48,210.50 · 金蝶 310 单 ¥48,084.10' },
      {
        type: 'table',
        columns: ['差异', '单数', '差额', '单号'],
        rows: [
          ['金蝶里没有', '2 单', '¥98.40', '261122031、261122044'],
          ['金额不同', '1 单', '¥28.00', '261122017'],
        ],
      },
      { type: 'link', text: '下载明细表（Excel）', path: '/api/v1/reconciliations/7/workbook' },
    ],
    buttons: [button('补同步缺的 2 单', 'primary', '补同步缺的')],
  },
  chart: {
    ...base,
    title: '11-16（周一）至 11-22（周日） 出库',
    blocks: [
      {
        type: 'chart',
        kind: 'bar',
        title: '店铺排行',
        labels: ['天猫旗舰店', '京东自营店', '抖音<b>小店</b>'],
        values: [1204, 310, 0],
        unit: '单',
      },
      {
        type: 'chart',
        kind: 'line',
        title: '每天',
        labels: ['11-16', '11-17', '11-18', '11-19', '11-20', '11-21', '11-22'],
        values: [210, 198, 240, 205, 221, 190, 250],
        unit: '单',
      },
    ],
  },
  form: {
    ...base,
    tone: 'warn',
    title: '店铺 10037 没有对应的客户',
    blocks: [fields(['影响', '1 单 · ¥107.70'])],
    form: {
      fields: [
        { name: 'target', label: '金蝶客户编码', placeholder: '比如 CUST0007' },
        {
          name: 'map',
          label: '对照表',
          options: [
            { label: '店铺 → 客户', value: 'shop_to_customer' },
            { label: '店铺 → 销售组织', value: 'shop_to_org' },
          ],
        },
      ],
      submit: {
        ...button('设好并重试', 'primary', '店铺 10037 对应客户 编码'),
        action: { name: 'set-master-data', args: { source: '10037' } },
      },
    },
    buttons: [button('先不管', 'default', '算了')],
  },
  choices: { ...base, title: '同步哪几天的？', buttons: [button('同步今天的订单'), button('同步昨天的订单')] },
  text: {
    ...base,
    tone: 'good',
    title: '好了',
    blocks: [{ type: 'text', text: '备注写着 <at id=all></at> **加粗** [链接](http://evil)' }],
  },
} satisfies Record<string, Card>;
