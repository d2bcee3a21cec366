import { asText, parsed, type ToolCall } from './tool-call.ts';

/** A piece of a call out of a stream. The protocol has an index and one id a call; servers leave out or repeat either. */
export interface CallPart {
  index?: unknown;
  id?: unknown;
  function?: { name?: unknown; arguments?: unknown } | null;
}

/**
 * Puts the pieces of tool calls together. A known id says whose a piece is, whatever its index; a new id with a name begins a call
 * although its index is taken; a piece with neither id nor name belongs to its index, else to the call that is being written.
 */
export class CallParts {
  readonly #calls: ToolCall[] = [];
  readonly #byIndex = new Map<string, ToolCall>();
  readonly #isTool: (name: string) => boolean;

  constructor(isTool: (name: string) => boolean) {
    this.#isTool = isTool;
  }

  add(part: CallPart): void {
    const id = asText(part.id);
    const name = asText(part.function?.name);
    const args = asText(part.function?.arguments);
    const index = part.index === undefined || part.index === null ? null : String(part.index);
    const at = (index === null ? undefined : this.#byIndex.get(index)) ?? null;
    const last = this.#calls.at(-1) ?? null;
    let call = this.#calls.find((one) => id !== '' && one.id === id && !this.#isAnother(one.name, name)) ?? null;
    if (!call) {
      const open = at ?? (index === null || name === '' ? last : null);
      call = open && !this.#begins(open, { id, name, args }) ? open : null;
    }
    if (!call) {
      call = { id, name: '', arguments: '' };
      this.#calls.push(call);
    }
    if (index !== null) this.#byIndex.set(index, call);
    call.id ||= id;
    call.name = this.#joinedName(call.name, name);
    call.arguments = joinedArguments(call.arguments, args);
  }

  /** The calls in the order they began, each with an id of its own. */
  all(): ToolCall[] {
    const taken = new Set<string>();
    const named = this.#calls.filter(({ name }) => name !== '');
    return named.map((call, place) => {
      const id = call.id !== '' && !taken.has(call.id) ? call.id : `call_${place}`;
      taken.add(id);
      return { ...call, id };
    });
  }

  /** Whether a piece is the beginning of another call than the open one at its place. */
  #begins(open: ToolCall, { id, name, args }: { id: string; name: string; args: string }): boolean {
    const whole = isWhole(open.arguments);
    const otherId = id !== '' && open.id !== '' && id !== open.id;
    if (name === '') return otherId && whole && args !== '';
    if (name !== open.name) return this.#isAnother(open.name, name) || (whole && open.name !== '');
    return otherId ? whole || open.arguments === '' : whole && args !== '' && args !== open.arguments;
  }

  /** A name that is no piece of the one before it. */
  #isAnother(so: string, name: string): boolean {
    return this.#isTool(so) && name !== '' && !name.startsWith(so);
  }

  /** In pieces, whole in every part, or longer with every part. */
  #joinedName(so: string, more: string): string {
    if (more === '' || more === so) return so;
    return so === '' || more.startsWith(so) || this.#isTool(so) ? more : so + more;
  }
}

const isWhole = (args: string): boolean => typeof parsed(args) === 'object';

/** In pieces, or said once more as a whole at the end. */
function joinedArguments(so: string, more: string): string {
  return isWhole(so) && (more === so || more.trim() === '') ? so : so + more;
}
