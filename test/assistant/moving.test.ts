import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCard } from '../../src/assistant/cards/cards.ts';
import { startMoving } from '../../src/assistant/moving.ts';
import type { Held } from '../../src/sync/brake.ts';
import type { Run, RunView } from '../../src/sync/run.ts';
import type { SyncService } from '../../src/sync/service.ts';

const began = new Date('2026-11-24T15:00:00+08:00');

/** A run as it is shown, ended or not after so many seconds. */
function view(state: Run['state'], seconds: number): RunView {
  const at = new Date(began.getTime() + seconds * 1000);
  const run = {
    id: 'r1',
    kind: 'sync',
    state,
    start: began,
    end: at,
    filters: {},
    total: 1,
    error: null,
    startedAt: began,
    finishedAt: state === 'running' ? null : at,
    requester: { person: 'feishu:ou_1', conversation: 'feishu:oc_1' },
  } as unknown as Run;
  const counts = { fetched: 1, written: 1, existing: 0, failed: 0, skipped: 0, undone: 0 };
  const cleaned = { orders: [], fields: [] };
  return { run, counts, failures: [], totals: { amount: '0', shops: 1 }, cleaned, withdrawn: [] } as unknown as RunView;
}

interface Moved {
  conversation: string;
  title: string;
  person: string | undefined;
  note: string | undefined;
}

function start(read: () => Promise<RunView>, held: Held | null = null) {
  const moved: Moved[] = [];
  let progress = (_id: string): void => undefined;
  const sync = {
    view: read,
    brake: { held: async () => held },
    onProgress: (listen: (id: string) => void) => {
      progress = listen;
      return () => undefined;
    },
  } as unknown as SyncService;
  const moving = startMoving({
    sync,
    now: () => began,
    show: (conversation, { title, note }, tell) => void moved.push({ conversation, title, person: tell?.person, note }),
    elsewhere: async () => undefined,
    onError: () => undefined,
  });
  return { moving, progress, moved };
}

const titleOf = (state: Run['state']): string => runCard(view(state, 2), began).title;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each<[string, RunView, string | undefined]>([
  ['a long run that has ended: a word to who asked for it', view('succeeded', 61), 'feishu:ou_1'],
  ['a short one: its card is enough', view('succeeded', 60), undefined],
  ['one that goes on', view('running', 300), undefined],
])('%s', async (_what, shown, told) => {
  const { moving, progress, moved } = start(async () => shown);
  progress('r1');
  await moving.stop();
  expect(moved).toEqual([{ conversation: 'feishu:oc_1', title: expect.any(String), person: told }]);
});

test('while all writing is stopped the card says so', async () => {
  const held = { person: 'feishu:ou_1', name: '王磊', at: began };
  const { moving, progress, moved } = start(async () => view('running', 1), held);
  progress('r1');
  await moving.stop();
  expect(moved[0]?.note).toMatch(/写入停着：王磊 11-24 15:00/);
});

test('a state that could not be read at first is shown all the same, and the others beside it', async () => {
  let failures = 1;
  const { moving, progress, moved } = start(async () => {
    failures -= 1;
    if (failures >= 0) throw new Error('the store is away');
    return view('succeeded', 1);
  });
  progress('r1');
  progress('r2');
  await vi.advanceTimersByTimeAsync(500);
  expect(moved).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(moved).toHaveLength(2);
  await moving.stop();
});

test('a state that was read slowly is not shown after a newer one', async () => {
  let free = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    free = resolve;
  });
  const states = [slow.then(() => view('running', 1)), Promise.resolve(view('succeeded', 2))];
  const { moving, progress, moved } = start(async () => (await states.shift()) as RunView);
  progress('r1');
  await vi.advanceTimersByTimeAsync(500);
  progress('r1');
  await vi.advanceTimersByTimeAsync(500);
  const stopped = moving.stop();
  free();
  await stopped;
  await vi.advanceTimersByTimeAsync(0);
  expect(moved.map(({ title }) => title)).toHaveLength(2);
  expect(moved.at(-1)?.title).toBe(titleOf('succeeded'));
});
