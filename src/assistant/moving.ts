import { type Card, noteOn } from '../channels/message.ts';
import { phrase } from '../phrases.ts';
import { brakeNote } from '../sync/brake.ts';
import type { Run } from '../sync/run.ts';
import { hasEnded, type SyncService } from '../sync/service.ts';
import { runCard } from './cards/cards.ts';

const showEveryMs = 500;
/** A run longer than this tells whoever asked for it when it has ended. */
const longRunMs = 60_000;

/** Shows runs where they were asked for: their cards move, their last state always arrives, and with it the word to who waits. */
export function startMoving(parts: {
  sync: SyncService;
  now: () => Date;
  show: (conversation: string, card: Card, tell?: { person: string; text: string }) => void;
  /** Shows it wherever else the rules say. */
  elsewhere: (run: Run, card: Card) => Promise<void>;
  onError: (error: unknown, where: string) => void;
}): { stop(): Promise<void> } {
  const { sync, now, show, elsewhere, onError } = parts;
  const due = new Set<string>();
  const showRun = async (id: string): Promise<void> => {
    const view = await sync.view(id);
    const { run } = view;
    const card = runCard(view, now());
    noteOn(card, brakeNote(await sync.brake.held()));
    const { conversation, person } = run.requester;
    if (isLong(run)) show(conversation, card, { person, text: phrase('replies.run_ended', { title: card.title }) });
    else show(conversation, card);
    await elsewhere(run, card);
  };
  const showAll = async (): Promise<void> => {
    const ids = [...due];
    due.clear();
    for (const id of ids)
      await showRun(id).catch((error: unknown) => {
        due.add(id); // its last state may be the one that failed
        onError(error, 'cards');
      });
  };
  let showing = Promise.resolve();
  // One after another: a state that was read slowly is not shown after a newer one.
  const showDue = async (): Promise<void> => {
    showing = showing.then(showAll);
    await showing;
  };
  const timer = setInterval(() => void showDue(), showEveryMs);
  const unlisten = sync.onProgress((id) => due.add(id));
  return {
    async stop() {
      clearInterval(timer);
      unlisten();
      await showDue();
    },
  };
}

function isLong(run: Run): boolean {
  return (
    hasEnded(run) &&
    run.startedAt !== null &&
    run.finishedAt !== null &&
    run.finishedAt.getTime() - run.startedAt.getTime() > longRunMs
  );
}
