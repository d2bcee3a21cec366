import { expect, test } from 'vitest';
import { startMoving } from '../../src/assistant/moving.ts';
import type { Run } from '../../src/sync/run.ts';
import type { RunView, SyncService } from '../../src/sync/service.ts';

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
  return { run, counts, failures: [], totals: { amount: '0', shops: 1 } } as unknown as RunView;
}

test.each<[string, RunView, string | undefined]>([
  ['a long run that has ended: a word to who asked for it', view('succeeded', 61), 'feishu:ou_1'],
  ['a short one: its card is enough', view('succeeded', 60), undefined],
  ['one that goes on', view('running', 300), undefined],
])('%s', async (_what, shown, told) => {
  const moved: { conversation: string; person: string | undefined }[] = [];
  let progress = (_id: string): void => undefined;
  const sync = {
    view: async () => shown,
    onProgress: (listen: (id: string) => void) => {
      progress = listen;
      return () => undefined;
    },
  } as unknown as SyncService;
  const moving = startMoving({
    sync,
    now: () => began,
    show: (conversation, _card, tell) => void moved.push({ conversation, person: tell?.person }),
    elsewhere: async () => undefined,
    onError: () => undefined,
  });
  progress('r1');
  await moving.stop();
  expect(moved).toEqual([{ conversation: 'feishu:oc_1', person: told }]);
});
