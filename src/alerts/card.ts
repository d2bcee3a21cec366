import { randomUUID } from 'node:crypto';
import type { Block, Button, Card, Field, Tone } from '../channels/message.ts';
import { type DocumentWords, documentWords } from '../documents.ts';
import { personName, someOf } from '../format.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import { toWall } from '../shanghai.ts';
import type { Alert } from './alert.ts';
import { type Remedy, remedyOf } from './remedies.ts';
import type { Silence } from './silences.ts';

const summaryPrefix = 'alerts-';
const mostButtons = 6;
const tones: Readonly<Record<Alert['state'], Tone>> = {
  firing: 'bad',
  acknowledged: 'warn',
  silenced: 'warn',
  resolved: 'good',
};

/** What every card of this house has. */
export interface CardFrame {
  /** Where the page is, for a link. */
  publicUrl?: string;
  /** Small print: 「沙箱数据」. */
  note?: string;
}

export interface CardContext extends CardFrame {
  /** It is sent to somebody else because nobody has taken it. */
  escalated?: boolean;
  /** Those that hold. */
  silences?: readonly Silence[];
}

/** Every message has a card of its own: of one alert, or of several. */
export const newCardId = (alerts: number): string => `${alerts === 1 ? 'alert-' : summaryPrefix}${randomUUID()}`;
export const isSummary = (cardId: string): boolean => cardId.startsWith(summaryPrefix);

export function categoryName(category: string): string {
  const own = `alerts.category.${category.replace(/^channel_down_.*/, 'channel_down')}`;
  return hasPhrase(own) ? phrase(own) : phrase(`cards.category.${category}`);
}

export function cardOf(id: string, alerts: readonly Alert[], context: CardContext): Card {
  const [only] = alerts;
  return only && !isSummary(id) ? alertCard(id, only, context) : summaryCard(id, alerts, context);
}

const clock = (instant: Date | null): string => (instant ? toWall(instant).slice(5, 16) : '');
const person = (id: string | null, name: string | null): Pick<Field, 'person' | 'name'> => ({
  ...(id ? { person: id } : {}),
  name: personName(id, name),
});

function stateIn(
  as: 'title' | 'brief',
  { category, state, since, owner, ownerName, until, resolvedAt }: Alert,
): string {
  const name = categoryName(category);
  const who = owner ? personName(owner, ownerName) : '';
  const words = { name, since: clock(since), owner: who, until: clock(until), at: clock(resolvedAt) };
  return phrase(`alerts.${as}.${state}`, words);
}

const title = (alert: Alert): string => stateIn('title', alert);
/** 「物料不存在（没有人接手）」 */
export const brief = (alert: Alert): string => stateIn('brief', alert);

/** 「出库单 3 单」, 「出库单 3 次同步」; nothing where there is nothing to count. */
const amount = ({ pipeline, count, unit }: Alert): string =>
  unit === 'none' ? '' : phrase(`alerts.amount.${unit}`, { ...documentWords(pipeline), count });

const affects = (alert: Alert): string =>
  phrase(`alerts.affects.${alert.state === 'resolved' ? 'over' : alert.unit}`, {
    amount: amount(alert),
    since: clock(alert.since),
    at: clock(alert.resolvedAt),
  });

/** One cause, one card: from red over yellow to green, in place. */
function alertCard(id: string, alert: Alert, context: CardContext): Card {
  const { state, owner, ownerName, ownedAt, silencer, silencerName, until, about } = alert;
  const over = state === 'resolved';
  const remedy = over || about.orders.length === 0 ? null : remedyOf({ ...alert, ...about });
  const field = (label: string, value: string): { label: string; value: string } => ({
    label: phrase(`alerts.field.${label}`),
    value,
  });
  const fields = [
    field('affects', affects(alert)),
    field('why', alert.message),
    ...(over ? [] : [field('next', alert.next)]),
    ...(about.subjects.length > 0 ? [field('subjects', someOf(about.subjects, 8))] : []),
    ...(remedy?.fields ?? []),
    ...(about.orders.length > 0
      ? [{ label: documentWords(alert.pipeline).document, value: someOf(about.orders, 5) }]
      : []),
    ...(owner
      ? [{ ...field('owner', phrase('alerts.owner', { at: clock(ownedAt) })), ...person(owner, ownerName) }]
      : []),
    ...(until
      ? [{ ...field('silence', phrase('alerts.silence', { until: clock(until) })), ...person(silencer, silencerName) }]
      : []),
  ];
  return {
    id,
    title: title(alert),
    tone: tones[state],
    blocks: [{ type: 'fields', fields }, ...link(context)],
    buttons: over ? [] : buttonsOf(alert, remedy),
    ...(remedy?.form ? { form: remedy.form } : {}),
    ...noted(context, context.escalated && state === 'firing' ? phrase('alerts.escalated') : ''),
  };
}

/** What an alert offers to do about it. */
function buttonsOf({ fingerprint, pipeline, category, state }: Alert, remedy: Remedy | null): Button[] {
  const name = categoryName(category);
  return [
    ...(remedy ? [remedy.retry, ...remedy.buttons] : []),
    ...(state === 'firing' ? [button('own', 'acknowledge-alert', { fingerprint }, name)] : []),
    state === 'silenced'
      ? button('wake', 'end-silence', { fingerprint }, name)
      : button('silence', 'silence-alert', { fingerprint, minutes: '60' }, name),
    ...(remedy ? [button('details', 'list-failures', { pipeline }, name, documentWords(pipeline))] : []),
  ];
}

const button = (
  label: string,
  tool: string,
  args: Record<string, string>,
  name: string,
  words: Partial<DocumentWords> = {},
  style: Button['style'] = 'default',
): Button => ({
  label: phrase(`alerts.button.${label}`, { name }),
  style,
  action: { name: tool, args },
  say: phrase(`alerts.say.${label}`, { ...words, name }),
});

const noted = ({ note = '' }: CardFrame, ...more: string[]): { note?: string } => {
  const notes = [...more, note].filter((one) => one !== '');
  return notes.length > 0 ? { note: notes.join(' · ') } : {};
};

const link = ({ publicUrl }: CardFrame): Block[] =>
  publicUrl ? [{ type: 'link', text: phrase('alerts.link'), path: publicUrl }] : [];

/** Several causes in one message, each with the way to its own card. */
function summaryCard(id: string, alerts: readonly Alert[], context: CardContext): Card {
  const open = alerts.filter(({ state }) => state !== 'resolved');
  const tone = open.some(({ state }) => state === 'firing') ? 'bad' : open.length > 0 ? 'warn' : 'good';
  return {
    id,
    title: phrase(open.length > 0 ? `alerts.summary.${tone}` : 'alerts.summary.over', {
      count: open.length > 0 ? open.length : alerts.length,
    }),
    tone,
    blocks: [
      {
        type: 'table',
        columns: ['what', 'affects', 'next'].map((column) => phrase(`alerts.column.${column}`)),
        rows: alerts.map((alert) => [title(alert), amount(alert), alert.state === 'resolved' ? '' : alert.next]),
      },
      ...(context.silences ?? [])
        .filter(({ fingerprint }) => fingerprint === null || alerts.some((alert) => alert.fingerprint === fingerprint))
        .map((silence): Block => ({ type: 'text', text: silenceLine(silence, alerts) })),
      ...link(context),
    ],
    buttons:
      open.length === 0
        ? []
        : [
            ...open
              .slice(0, mostButtons)
              .map(({ fingerprint, category }) =>
                button('show', 'show-alert', { fingerprint }, categoryName(category), {}, 'primary'),
              ),
            ...(tone === 'bad' ? [button('own_all', 'acknowledge-alert', {}, '')] : []),
            button('silence_all', 'silence-alert', { minutes: '60' }, ''),
          ],
    ...noted(context),
  };
}

/** Who wanted quiet about what, from when until when. */
export function silenceLine({ fingerprint, person, name, at, until }: Silence, alerts: readonly Alert[]): string {
  const category = alerts.find((alert) => alert.fingerprint === fingerprint)?.category;
  const what =
    fingerprint === null ? phrase('alerts.everything') : category ? categoryName(category) : phrase('alerts.one');
  return phrase('alerts.silence_line', { what, person: personName(person, name), at: clock(at), until: clock(until) });
}

/** A card that a newer one in the same place has taken the place of. */
export function olderCard(id: string, { category, since }: Alert): Card {
  const name = categoryName(category);
  return {
    id,
    title: phrase('alerts.title.older', { name, since: clock(since) }),
    tone: 'neutral',
    blocks: [],
    buttons: [],
  };
}
