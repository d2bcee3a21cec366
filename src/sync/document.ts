/**
 * The states of one document on its way into the target.
 *
 * ready      mapped; nothing was sent
 * sending    a save was sent and its effect is not known yet: the target is asked before anything is sent again
 * saved      in the target, not submitted
 * submitted  in the target, waiting for its audit
 * done       in the target in the state the pipeline asks for
 * failed     refused with a cause; whatever is in the target stays there
 * skipped    the precondition says it is none of ours (yet)
 * cancelled  done, and then cancelled at the source: somebody has to decide
 * undone     taken back out of the target because somebody said so
 */
export const documentStates = [
  'ready',
  'sending',
  'saved',
  'submitted',
  'done',
  'failed',
  'skipped',
  'cancelled',
  'undone',
] as const;
export type DocumentState = (typeof documentStates)[number];

/** From each state, the states it may move to. Anything else is a bug and is refused by the ledger. */
export const transitions: Readonly<Record<DocumentState, readonly DocumentState[]>> = {
  ready: ['ready', 'sending', 'saved', 'submitted', 'done', 'failed', 'skipped'],
  sending: ['sending', 'saved', 'submitted', 'done', 'failed'],
  saved: ['saved', 'sending', 'submitted', 'done', 'failed'],
  submitted: ['submitted', 'sending', 'saved', 'done', 'failed'],
  done: ['done', 'sending', 'saved', 'submitted', 'failed', 'cancelled', 'undone'],
  failed: ['ready', 'sending', 'saved', 'submitted', 'done', 'failed', 'skipped', 'cancelled'],
  skipped: ['ready', 'sending', 'saved', 'submitted', 'done', 'failed', 'skipped', 'cancelled'],
  cancelled: ['cancelled', 'undone', 'failed', 'done', 'sending', 'saved', 'submitted'],
  undone: ['undone', 'ready', 'sending', 'saved', 'submitted', 'done', 'failed', 'skipped', 'cancelled'],
};

/** The states from which a document may move to `to`. */
export function statesBefore(to: DocumentState): readonly DocumentState[] {
  return documentStates.filter((from) => transitions[from].includes(to));
}
