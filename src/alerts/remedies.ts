import type { Button, Form } from '../channels/message.ts';
import { documentWords } from '../documents.ts';
import { dayLabel } from '../format.ts';
import { hasPhrase, phrase } from '../phrases.ts';
import { dayMs, fromWall, toDay } from '../shanghai.ts';

/** A cause of failures, as the ledger groups them and as an alert keeps it. */
export interface Cause {
  pipeline: string;
  category: string;
  subjects: readonly string[];
  /** What the members' sentences were filled with; see `AppError.params`. */
  details: readonly Readonly<Record<string, string | number>>[];
}

/** What a card offers against a cause. */
export interface Remedy {
  /** Retries what this cause failed, and nothing else. */
  retry: Button;
  buttons: Button[];
  form?: Form;
  fields: { label: string; value: string }[];
}

/** Numbers that a sentence on a button names. */
const mostSaid = 5;

type Words = Record<string, string | number>;
type Press = readonly [tool: string, args: Record<string, string>];

export function remedyButton(
  name: string,
  [tool, args]: Press,
  words: Words = {},
  style: Button['style'] = 'default',
): Button {
  return {
    label: phrase(`remedies.button.${name}`, words),
    style,
    action: { name: tool, args },
    say: phrase(`remedies.say.${name}`, words),
  };
}

/** A button that sets an entry of a value map; its words are those of the map. */
export function mapButton(
  name: 'near' | 'set',
  args: { pipeline: string; map: string; source?: string; target?: string },
  words: { source: string; target: string },
): Button {
  const say = hasPhrase(`remedies.say_map.${args.map}`) ? args.map : 'other';
  return {
    label: phrase(`remedies.button.${name}`, words),
    style: 'primary',
    action: { name: 'set-master-data', args },
    say: phrase(`remedies.say_map.${say}`, words),
  };
}

const field = (name: string, value: string): Remedy['fields'][number] => ({
  label: phrase(`remedies.field.${name}`),
  value,
});

/** The buttons, the form and the figures that mend a cause; the sentence that says how is the error's own. */
export function remedyOf(cause: Cause): Remedy {
  const { pipeline, category } = cause;
  const retry = remedyButton(
    'retry',
    ['retry-failures', { pipeline, category }],
    { ...documentWords(pipeline), category: phrase(`cards.category.${category}`) },
    'primary',
  );
  const own = remedies[category]?.(cause) ?? {};
  return { retry, buttons: own.buttons ?? [], fields: own.fields ?? [], ...(own.form ? { form: own.form } : {}) };
}

const remedies: Readonly<Record<string, (cause: Cause) => Partial<Remedy>>> = {
  material_missing: listCodes,
  base_data_missing: listCodes,
  not_allocated: listCodes,
  value_map_missing: setMap,
  period_closed: chooseDay,
  negative_stock: ({ details }) => ({ fields: each('short', details, 'what') }),
  upstream_missing: syncUpstream,
  vendor_rule: ({ details }) => ({ fields: each('said', details, 'said') }),
};

/** What the members' sentences differ in. */
const each = (label: string, details: Cause['details'], name: string): Remedy['fields'] =>
  counted(details.flatMap((detail) => (detail[name] === undefined ? [] : [String(detail[name])]))).map((text) =>
    field(label, text),
  );

function listCodes({ pipeline, category, subjects }: Cause): Partial<Remedy> {
  if (subjects.length === 0) return {};
  const name = category === 'material_missing' ? 'materials' : 'codes';
  const words = { ...documentWords(pipeline), category: phrase(`cards.category.${category}`) };
  return { buttons: [remedyButton(name, ['list-failures', { pipeline, category }], words)] };
}

/** The entry that is missing, to be filled in; with several sources of one map, a choice of them. */
function setMap({ pipeline, details }: Cause): Partial<Remedy> {
  const missing = details.filter((detail) => detail.map !== undefined && detail.key !== undefined);
  const map = missing[0]?.map;
  if (map === undefined) return {};
  const sources = [...new Set(missing.filter((detail) => detail.map === map).map(({ key }) => String(key)))];
  const [source = ''] = sources;
  const many = sources.length > 1;
  const known = hasPhrase(`remedies.form.target.${map}`) ? String(map) : 'other';
  const target = {
    name: 'target',
    label: many ? phrase('remedies.form.target_any') : phrase(`remedies.form.target.${known}`, { source }),
    placeholder: phrase('remedies.form.placeholder'),
  };
  const choice = {
    name: 'source',
    label: phrase(`remedies.form.source.${known}`),
    options: sources.map((value) => ({ label: value, value })),
  };
  const args = { pipeline, map: String(map), ...(many ? {} : { source }) };
  const submit = mapButton('set', args, { source, target: phrase('remedies.form.code') });
  return { form: { fields: many ? [choice, target] : [target], submit } };
}

/** What these wait for, to be synced first; they follow by themselves. */
function syncUpstream({ pipeline, subjects }: Cause): Partial<Remedy> {
  if (subjects.length === 0) return {};
  const words = { orders: subjects.slice(0, mostSaid).join('、') };
  return { buttons: [remedyButton('upstream', ['sync-upstream', { pipeline }], words, 'primary')] };
}

/** The first day that is open, as far as 金蝶 has said where it closed; never guessed. */
function chooseDay({ pipeline, details }: Cause): Partial<Remedy> {
  const closed = details
    .flatMap((detail) => (detail.closed === undefined ? [] : [String(detail.closed)]))
    .sort()
    .at(-1);
  const opens = closed ? dayAfter(closed) : null;
  const hold = remedyButton('hold', ['hold-documents', { pipeline }]);
  if (!closed || !opens) return { buttons: [hold], fields: [field('closed', phrase('remedies.closed_unknown'))] };
  const move = remedyButton(
    'move',
    ['move-date', { pipeline, day: toDay(opens) }],
    { day: toDay(opens).slice(5) },
    'primary',
  );
  return {
    buttons: [move, hold],
    fields: [field('closed', phrase('remedies.closed', { closed, opens: dayLabel(opens) }))],
  };
}

function dayAfter(day: string): Date | null {
  const instant = fromWall(day);
  return instant && new Date(instant.getTime() + dayMs);
}

/** Each text once with how often it occurs, the first few; one that stands alone is the cause's own sentence already. */
function counted(texts: readonly string[]): string[] {
  if (texts.length < 2) return [];
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].slice(0, 5).map(([what, count]) => (count > 1 ? phrase('remedies.times', { what, count }) : what));
}
