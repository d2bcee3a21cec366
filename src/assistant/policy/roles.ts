import { basename } from 'node:path';
import { z } from 'zod';
import type { Message } from '../../channels/message.ts';
import { Decimal } from '../../decimal.ts';
import { AppError } from '../../errors.ts';
import { WatchedFile } from '../../watched-file.ts';
import { parseYaml } from '../../yaml.ts';

const ranks = ['none', 'viewer', 'operator', 'admin'] as const;
export type Role = (typeof ranks)[number];

export interface Limits {
  orders: number;
  days: number;
  /** Yuan. */
  amount: number;
}

const role = z.enum(ranks);
const limits = z.strictObject({
  orders: z.number().int().min(0).optional(),
  days: z.number().min(0).optional(),
  amount: z.number().min(0).optional(),
});
const address = (channels: string): z.ZodString => z.string().regex(new RegExp(`^(?:${channels}):.+$`));
const rolesSchema = z.strictObject({
  default: role.default('none'),
  users: z.record(address('dingtalk|feishu|web|terminal'), role).default({}),
  groups: z.record(address('dingtalk|feishu|web'), role).default({}),
  tools: z.record(z.string(), role).default({}),
  limits: z.strictObject({ confirm_above: limits.optional(), four_eyes_above: limits.optional() }).default({}),
});

const defaultLimits: Limits = { orders: 20, days: 1, amount: 50_000 };

type Place = Pick<Message, 'person' | 'conversation'>;

/** Where a role comes from: a line of ROLES_FILE of the person's own, of the group, its default; or, beside the file, where they are. */
export interface Grant {
  role: Role;
  from: 'own' | 'group' | 'default' | 'sandbox' | 'terminal' | 'page' | 'chat';
}

/** Who may do what, and above which size a write is asked about. Deny by default. */
export interface Roles {
  of(message: Place): Role;
  grant(message: Place): Grant;
  /** The least role a tool takes, `own` where the file says nothing. */
  least(tool: string, own: Role): Role;
  /** Who has at least this role by name. */
  people(least: Role): string[];
  confirmAbove: Limits;
  /** Null = four eyes are off. */
  fourEyesAbove: Limits | null;
}

/**
 * The roles of ROLES_FILE as it is now, whenever it is edited; without one, those of the sandbox (everybody admin) or of real systems
 * (terminal admin, page operator, chat viewer). Codes: `roles.unreadable`, `roles.syntax`, `roles.invalid`, `roles.unknown_tool`.
 */
export function loadRoles(
  file: string | undefined,
  onSandbox: boolean,
  tools: readonly string[],
  onError: (error: unknown, where: string) => void = () => undefined,
): Roles {
  if (!file)
    return {
      ...granting(({ person }) => builtIn(person, onSandbox)),
      least: (_tool, own) => own,
      people: () => [],
      confirmAbove: defaultLimits,
      fourEyesAbove: null,
    };
  const watched = new WatchedFile({
    file,
    parse: (text) => parseRoles(text, basename(file), tools),
    unreadable: () => new AppError('roles.unreadable', 'config', { params: { file } }),
    onError: (error) => onError(error, 'roles'),
  });
  return {
    ...granting((message) => watched.current().grant(message)),
    least: (tool, own) => watched.current().least(tool, own),
    people: (least) => watched.current().people(least),
    get confirmAbove() {
      return watched.current().confirmAbove;
    },
    get fourEyesAbove() {
      return watched.current().fourEyesAbove;
    },
  };
}

export function parseRoles(text: string, file: string, tools: readonly string[]): Roles {
  const keysAt = (path: readonly PropertyKey[]): string[] =>
    path[0] === 'limits'
      ? path.length > 1
        ? Object.keys(limits.shape)
        : ['confirm_above', 'four_eyes_above']
      : Object.keys(rolesSchema.shape);
  const { value, at } = parseYaml(text, rolesSchema, { file, code: 'roles', keysAt });
  const stranger = Object.keys(value.tools).find((name) => !tools.includes(name));
  if (stranger) {
    const { line } = at(['tools', stranger]);
    throw new AppError('roles.unknown_tool', 'config', {
      params: { file, line, tool: stranger, allowed: tools.join('、') },
    });
  }
  const { confirm_above, four_eyes_above } = value.limits;
  const none = Number.POSITIVE_INFINITY;
  return {
    ...granting(({ person, conversation }) => {
      const [own, group] = [value.users[person], value.groups[conversation]];
      if (own) return { role: own, from: 'own' };
      if (group) return { role: group, from: 'group' };
      // Whoever has the shell has the files.
      return person.startsWith('terminal:')
        ? { role: 'admin', from: 'terminal' }
        : { role: value.default, from: 'default' };
    }),
    least: (tool, own) => value.tools[tool] ?? own,
    people: (least) => Object.keys(value.users).filter((person) => mayUse(value.users[person] ?? 'none', least)),
    confirmAbove: { ...defaultLimits, ...given(confirm_above) },
    fourEyesAbove: four_eyes_above ? { orders: none, days: none, amount: none, ...given(four_eyes_above) } : null,
  };
}

const given = (partial: z.infer<typeof limits> | undefined): Partial<Limits> =>
  Object.fromEntries(Object.entries(partial ?? {}).filter(([, value]) => value !== undefined));

const granting = (grant: Roles['grant']): Pick<Roles, 'of' | 'grant'> => ({
  grant,
  of: (message) => grant(message).role,
});

function builtIn(person: string, onSandbox: boolean): Grant {
  if (onSandbox) return { role: 'admin', from: 'sandbox' };
  if (person.startsWith('terminal:')) return { role: 'admin', from: 'terminal' };
  return person.startsWith('web:') ? { role: 'operator', from: 'page' } : { role: 'viewer', from: 'chat' };
}

export function mayUse(has: Role, least: Role): boolean {
  return ranks.indexOf(has) >= ranks.indexOf(least);
}

export function exceeds(plan: { orders: number; days: number; amount: string }, above: Limits): boolean {
  return (
    plan.orders > above.orders ||
    plan.days > above.days ||
    (Number.isFinite(above.amount) && new Decimal(plan.amount).gt(above.amount))
  );
}
