import { phrase } from '../../phrases.ts';
import { dayMs, toIso } from '../../shanghai.ts';
import { normalise } from '../language/normalise.ts';
import { rangeSaid, readTime } from '../language/time/read.ts';
import type { Tool } from '../tools/tool.ts';
import type { ModelLimits } from './limits.ts';
import { argumentsIn, parsed } from './tool-call.ts';
import { type Shape, shapeOf } from './tool-descriptions.ts';

export interface ArgumentsContext {
  tool: Tool;
  /** The person's own words. */
  sentence: string;
  now: Date;
  limits: ModelLimits;
}

/** A model's arguments as its tool takes them; where they are no good, a sentence that tells the model why. */
export function argumentsOf(text: string, context: ArgumentsContext): Record<string, unknown> | string {
  const { tool, limits } = context;
  const value = argumentsIn(text);
  if (value === null) return phrase('model.bad_arguments');
  if ('start' in value || 'end' in value) return phrase('model.no_dates');
  const { when, ...others } = value;
  const { properties = {} } = shapeOf(tool, limits.items);
  const args = Object.fromEntries(
    Object.entries(others).flatMap(([name, one]) =>
      // Nothing at all is how some models leave an argument out.
      one === null || one === '' ? [] : [[name, fitted(one, properties[name])] as const],
    ),
  );
  const tooMuch = Object.entries(args).find(([, one]) => isTooMuch(one, limits));
  if (tooMuch) return phrase('model.too_much', { name: tooMuch[0], items: limits.items, length: limits.textLength });
  const window = windowIn(when, args, context);
  if (typeof window === 'string') return window;
  const whole = { ...args, ...(properties.when ? window : when ? { when } : {}) };
  const { success, error } = tool.parameters.safeParse(whole);
  if (success) return whole;
  const [issue] = error.issues;
  return phrase('model.bad_argument', { name: issue?.path.join('.') || tool.name, why: issue?.message ?? '' });
}

/** A value in the type that is asked for, where it is only written otherwise: `"5"` for 5, one order number for a list of one. */
function fitted(value: unknown, shape: Shape | undefined): unknown {
  if (!shape) return value;
  if (shape.type === 'array') {
    const read = typeof value === 'string' && value.trim().startsWith('[') ? (parsed(value) ?? value) : value;
    const list = typeof read === 'string' ? read.split(/[\s,，、;；]+/).filter(Boolean) : [read].flat();
    return list.map((one) => fitted(one, shape.items));
  }
  if (typeof value === 'string') {
    if (/integer|number/.test(shape.type ?? '') && /^-?\d{1,9}(\.\d+)?$/.test(value)) return Number(value);
    if (shape.type === 'boolean' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  }
  return shape.type === 'string' && typeof value === 'number' ? String(value) : value;
}

function isTooMuch(value: unknown, limits: ModelLimits): boolean {
  if (Array.isArray(value)) return value.length > limits.items || value.some((one) => isTooMuch(one, limits));
  return typeof value === 'string' && value.length > limits.textLength;
}

/** The window that a phrase names. */
function windowIn(
  when: unknown,
  args: Record<string, unknown>,
  { tool, sentence, now, limits }: ArgumentsContext,
): { start: string; end: string } | Record<string, never> | string {
  if (when === undefined || when === null || when === '') return {};
  const spelled = String(when).slice(0, limits.textLength);
  // A date the person did not say is the model's own invention.
  if (/\d{4}\D?\d{2}\D?\d{2}/.test(spelled) && !sentence.includes(spelled)) return phrase('model.no_dates');
  const range = rangeSaid(readTime(normalise(spelled), toIso(now)));
  if (!range) return phrase('model.no_such_time', { when: spelled });
  const most = args.preview === true ? limits.previewDays : tool.writes ? limits.writeDays : limits.readDays;
  const days = (Date.parse(range.end) - Date.parse(range.start)) / dayMs;
  if (days > most) return phrase('model.too_long', { when: spelled, days: most });
  return { start: range.start, end: range.end };
}
