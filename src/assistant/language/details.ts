import { readDeeds } from './deeds.ts';
import { countOf } from './numbers.ts';
import { has, type Piece } from './piece.ts';
import type { Pieces } from './pieces.ts';
import type { Slots } from './slots.ts';
import { otherEntity, soughtName } from './sought.ts';
import { toIso, toWall } from './time/calendar.ts';
import { readDuration } from './time/duration.ts';
import { readTime } from './time/read.ts';
import { readSchedule } from './time/schedule.ts';
import { readUntil } from './time/until.ts';

type Fill = (of: readonly Piece[], more: Partial<Slots>) => void;

interface Asked {
  text: string;
  pieces: readonly Piece[];
  slots: Slots;
  now: string;
  fill: Fill;
}

const value = (piece: Piece, family: string): string | undefined =>
  piece.concepts.find((concept) => concept.startsWith(`${family}.`))?.slice(family.length + 1);

/** Slots that only some intents have, by intent. */
const readers: Readonly<Record<string, (asked: Asked) => void>> = {
  list_failures: figures,
  report: (asked) => {
    figures(asked);
    const metric = metrics.find(([, words]) => words.test(asked.text))?.[0];
    if (metric) asked.fill([], { metric });
  },
  list_orders: listed,
  list_runs: ({ text, fill }) => {
    const [, count] = /(\d+|[一二三四五六七八九十])\s*(?:次|趟|回|runs?)/i.exec(text) ?? [];
    if (/经过|过程|怎么?(?:个|样)?(?:跑|回事|中断)|[哪几]步|步骤|发生|trace|step/i.test(text))
      fill([], { detail: true });
    else if (count) fill([], { top: countOf(count) });
  },
  master_data: codes,
  audit_log: ({ text, pieces, fill }) => fill([], readDeeds(text, pieces)),
  base_data: (asked) => {
    codes(asked);
    const { text, pieces, slots, fill } = asked;
    const entity = slots.entity ?? otherEntity(text);
    const value = soughtName(text, pieces);
    const code = pieces.find((piece) => piece.kind === 'code' && piece.value === value);
    const sku = code && entity === 'material' ? { sku: code.value } : {};
    fill([], { ...(entity ? { entity } : {}), ...(value ? { value } : {}), ...sku });
  },
  set_master_data: codes,
  undo_master_data: codes,
  undo: ({ pieces, fill }) => {
    const anew = pieces.filter((piece) => has(piece, 'again'));
    if (anew.length > 0) fill(anew, { again: true });
  },
  create_base_data: codes,
  explain_mapping: fields,
  api_params: ({ text, fill }) => {
    const api = /[a-z]+(?:\.[a-z_]+){1,4}|\/open\/[a-z/]+/i.exec(text)?.[0];
    if (api) fill([], { api });
  },
  list_pipelines: ({ text, fill }) => {
    const one =
      /配(?!了没|好)|(?:怎么|咋|如何)[走设]|条件|过滤|筛选|映射|字段|讲讲|说明|展示|审核|草稿|目标单|config|filter|source|target/i;
    const all = /哪些|哪套|几[条个套种]|有没有?配/;
    if (one.test(text) && !all.test(text)) fill([], { detail: true });
  },
  retry: ({ pieces, fill }) => {
    const all = pieces.filter((piece) => has(piece, 'all'));
    if (all.length > 0) fill(all, { all: true });
  },
  move_date: ({ text, slots, now, fill }) => {
    // The day it is moved to, whatever other day is named: 「4月已关账，请改到5月1日记账」.
    const to = /(?:改|移|挪|放|记|算|归|调)(?:到|在|成|为)([^,，。;；]+)/.exec(text)?.[1];
    const time = to ? readTime(to, now) : null;
    const day = time?.range ?? time?.asked;
    if (day && !slots.until) fill([], { start: day.start, end: day.end });
  },
  pause_schedule: paused,
  silence_alert: quiet,
  hold_closed: quiet,
  set_schedule: ({ text, fill }) => {
    const schedule = readSchedule(text);
    if (!schedule || schedule.ask) return;
    const { every, at, weekday, day } = schedule;
    const on = { ...(weekday ? { weekday } : {}), ...(day ? { day } : {}) };
    fill([], { schedule: { every: every ?? 'day', ...(at ? { at } : {}), ...on } });
  },
};

export function readDetails(intent: string, { text, pieces }: Pieces, slots: Slots, now: string, fill: Fill): void {
  readers[intent]?.({ text, pieces, slots, now, fill });
}

const groupOf: Readonly<Record<string, string>> = { shop: 'shop', warehouse: 'warehouse', material: 'sku' };

/** What figures are grouped by, and how many of them are wanted. */
function figures({ text, pieces, fill }: Asked): void {
  const group = pieces.find((piece) => has(piece, 'group'));
  const thing = pieces.find((piece) => has(piece, 'entity'));
  if (group) fill([group], { groupBy: value(group, 'group') ?? 'reason' });
  else if (thing && (thing.value === 'sku' || /[各哪每最按]|排|top|前\d|前[一二三四五六七八九十]|几个/i.test(text))) {
    const by = groupOf[value(thing, 'entity') ?? ''];
    if (by) fill([thing], { groupBy: by });
  }
  const top =
    /(?:前|top\s*|最[多少高低]的)(\d{1,2}|[一二三四五六七八九十])(?!\d|个?(?:[天日周月年分季]|小时|星期|礼拜))/i.exec(
      text,
    )?.[1];
  if (top) fill([], { top: countOf(top) });
}

const outcomes = [
  ['cancelled', /取消/],
  ['withdrawn', /撤(?:了|掉|下|回|单)/],
  ['unaudited', /(?:没|未)审/],
  ['written', /成功|写(?:进|入)|进(?:了|去|金蝶)|推过去/],
] as const;

/** 「进了金蝶多少钱」: audited there, and not all that was shipped. */
const metrics = [
  ['unaudited', /[没未]审/],
  ['withdrawn', /撤(?:了|掉|下|回|单)/],
  ['cancelled', /取消/],
  [
    'written',
    /^(?!.*[没未不][^,，]{0,4}(?:金蝶|k3|星空|系统|账)).*(?:[进到写入推传](?:了|到|进|去|过)*(?:金蝶|k3|星空|系统|账)|审核|[入记]账)/i,
  ],
] as const;

function listed({ text, fill }: Asked): void {
  const outcome = outcomes.find(([, words]) => words.test(text))?.[0];
  fill([], { list: true, ...(outcome ? { outcome } : {}) });
}

const entities = [
  ['customer', 'entity.customer'],
  ['material', 'entity.material'],
  ['material', 'category.material_missing'],
  ['warehouse', 'entity.warehouse'],
  ['shop', 'entity.shop'],
] as const;

/** What kind of thing is spoken of, and the codes of the two sides: the first is the source's, the second the target's. */
function codes({ pieces, slots, fill }: Asked): void {
  const after = pieces.slice(pieces.findIndex((piece) => has(piece, 'which') || has(piece, 'map')) + 1);
  const entity = [after, pieces].flatMap((some) =>
    entities.filter(([, concept]) => some.some((piece) => has(piece, concept))),
  );
  if (entity[0]) fill([], { entity: entity[0][0] });
  else if (slots.warehouse) fill([], { entity: 'warehouse' });
  else if (slots.shop) fill([], { entity: 'shop' });
  const found = pieces.filter(
    ({ kind }) => kind === 'code' || kind === 'number' || kind === 'shop' || kind === 'warehouse',
  );
  const named = (piece: Piece, family: string): boolean => has(pieces[pieces.indexOf(piece) - 1], family);
  const source = found.find((piece) => !named(piece, 'entity.customer')) ?? slots.shop;
  const target = found.filter((piece) => piece !== source).at(-1);
  if (typeof source === 'object') fill([source], { source: source.value, ...sideOf(source, named) });
  if (target)
    fill([target], {
      target: target.value,
      ...(named(target, 'entity.customer') || slots.shop ? { customer: target.value } : {}),
    });
}

/** The slot a code of the source's side is the value of. */
function sideOf(piece: Piece, named: (piece: Piece, family: string) => boolean): Partial<Slots> {
  if (piece.kind === 'warehouse' || named(piece, 'entity.warehouse')) return { warehouse: piece.value };
  if (piece.kind === 'shop' || piece.kind === 'number' || named(piece, 'entity.shop')) return { shop: piece.value };
  return named(piece, 'entity.material') ? { sku: piece.value } : {};
}

/** A field by its code or its name: the target's, or the source's where it is written as one. */
function fields({ text, pieces, slots, fill }: Asked): void {
  const piece = pieces.find(({ kind }) => kind === 'field');
  const names = pieces.filter((one) => value(one, 'field') !== undefined);
  const [named] = names.sort((a, b) => b.value.length - a.value.length);
  // A name people have for a field that the target calls otherwise stands in the lexicon with its code.
  const code = named && value(named, 'field');
  if (piece && /^[a-z]/.test(piece.value)) fill([piece], { sourceField: piece.value });
  else if (piece) fill([piece], { field: piece.value });
  else if (named) fill([named], { field: code === 'name' ? named.value : (code ?? named.value) });
  else {
    const bare = pieces.find(({ kind, value: word }) => kind === 'unknown' && /^[a-z]{2,}$/.test(word));
    if (bare) fill([bare], { sourceField: bare.value });
  }
  const given = /(?:是|等于|变成|成了|=)\s*(\d+(?:\.\d+)?)(?!\d*号|\d{6})/.exec(text)?.[1];
  if (given && (slots.orders || piece)) fill([], { value: given });
}

/** How long from now: 「接下来 3 小时」 is no stretch of the past. */
const lastingOf = (text: string): ReturnType<typeof readDuration> =>
  readDuration(text) ?? readDuration(text.replace(/接下来|未来|往后|今后|next /gi, ''));

/** For how long, or until when. */
function quiet({ text, pieces, now, fill }: Asked): void {
  const times = pieces.filter(({ kind }) => kind === 'time');
  const duration = lastingOf(text);
  if (duration) fill(times, { duration: duration.value });
  const until = duration ? null : readUntil(text, now);
  if (until) fill(times, { until: until.at });
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Until when a pause lasts: a moment (「停到明早8点」), for how long (「停两个小时」), or a day (「今天先别跑」). */
function paused({ text, pieces, now, fill }: Asked): void {
  const times = pieces.filter(({ kind }) => kind === 'time' || kind === 'duration');
  const lasting = lastingOf(text);
  const [, count = '', unit = ''] = /^(\d+)([mhd])$/.exec(lasting?.value ?? '') ?? [];
  if (count) {
    const until = toIso(toWall(now) + Number(count) * (unitMs[unit] ?? 0));
    fill(times, { duration: `${count}${unit}`, until });
    return;
  }
  const until = readUntil(text, now);
  if (!until) return;
  const joined = /^(?:到|至|直|until|till|to)/i.test(text.slice(until.span.from).trim());
  // 「今晚先别跑」, 「周末不要跑」 say from when, too.
  if (joined || until.begun) fill(times, { until: until.at });
}
