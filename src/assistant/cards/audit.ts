import type { Card } from '../../channels/message.ts';
import { documentWords } from '../../documents.ts';
import { daysLabel, someOf } from '../../format.ts';
import { allPhrases, hasPhrase, phrase } from '../../phrases.ts';
import { toWall } from '../../shanghai.ts';
import { mapLabel } from '../../sync/maps.ts';
import type { Schedule } from '../../sync/schedule.ts';
import { cronInWords } from '../cron-in-words.ts';
import type { AuditEntry, Change } from '../policy/audit.ts';

/** A decision in a line: when, who, what it was about, and what came of it. */
export const auditCells = (entry: AuditEntry, nameOf: (id: string) => string): [string, string, string, string] => [
  toWall(entry.at).slice(5, 16),
  nameOf(entry.person),
  [deedOf(entry.tool), aboutOf(entry)].filter(Boolean).join(' '),
  outcomeOf(entry),
];

export const auditCard = (title: string, rows: string[][], notes: string[]): Card => ({
  id: 'audit',
  title,
  tone: 'neutral',
  blocks: [
    {
      type: 'table',
      columns: ['at', 'who', 'what', 'outcome'].map((column) => phrase(`audit.column.${column}`)),
      rows,
    },
    ...notes.map((text) => ({ type: 'text' as const, text })),
  ],
  buttons: [],
});

function deedOf(tool: string): string {
  if (tool === 'look') return phrase('audit.look');
  const key = [`whoami.deed.${tool}`, `tools.${tool}`].find(hasPhrase);
  return key ? phrase(key) : tool;
}

/** A setting before and after; else the days, the numbers, the cause that it was about. */
function aboutOf({ change, args }: AuditEntry): string {
  if (change) return changed(change);
  const text = (name: string): string => (typeof args[name] === 'string' ? args[name] : '');
  const [start, end] = [text('start'), text('end')];
  const orders = Array.isArray(args.orders) ? args.orders.map(String) : text('order') ? [text('order')] : [];
  const [map, source, target] = [text('map'), text('source'), text('target')];
  return [
    text('pipeline') ? documentWords(text('pipeline')).document : '',
    start && end ? daysLabel(new Date(start), new Date(end)) : '',
    orders.length > 0 ? phrase('audit.of.order', { orders: someOf(orders, 3) }) : '',
    text('category') && hasPhrase(`cards.category.${text('category')}`)
      ? phrase(`cards.category.${text('category')}`)
      : '',
    text('shop'),
    text('warehouse'),
    map && source && target ? phrase('audit.map_set', { label: mapLabel(map), source, after: target }) : '',
    text('day') ? phrase('audit.day', { day: text('day') }) : '',
    text('cron') ? cronInWords(text('cron')) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function changed(change: Change): string {
  if ('schedule' in change)
    return phrase('audit.schedule', { before: timer(change.before), after: timer(change.after) });
  const { map, source, before, after } = change;
  const nothing = phrase('audit.nothing');
  return phrase('audit.map', { label: mapLabel(map), source, before: before ?? nothing, after: after ?? nothing });
}

const timer = ({ cron, enabled }: Schedule): string =>
  phrase(`audit.timer.${enabled ? 'on' : 'off'}`, { cron: cronInWords(cron) });

function outcomeOf({ decision, outcome }: AuditEntry): string {
  if (decision === 'refused')
    return phrase('audit.refused', {
      role: hasPhrase(`replies.role.${outcome}`) ? phrase(`replies.role.${outcome}`) : outcome,
    });
  if (outcome === 'ok') return phrase(`audit.outcome.${decision}`);
  const why = allPhrases().get(`errors.${outcome}.message`);
  // What the sentence was filled with is not kept.
  return why && !why.includes('{') ? phrase('audit.failed_for', { why }) : phrase('audit.failed');
}
