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
 * withdrawn  taken back out of the target because somebody said so: it stays out until somebody puts it back
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
  'withdrawn',
] as const;
export type DocumentState = (typeof documentStates)[number];

/** From each state, the states it may move to. Anything else is a bug and is refused by the ledger. */
export const transitions: Readonly<Record<DocumentState, readonly DocumentState[]>> = {
  ready: ['ready', 'sending', 'saved', 'submitted', 'done', 'failed', 'skipped'],
  sending: ['sending', 'saved', 'submitted', 'done', 'failed'],
  saved: ['saved', 'sending', 'submitted', 'done', 'failed', 'withdrawn'],
  submitted: ['submitted', 'sending', 'saved', 'done', 'failed', 'withdrawn'],
  done: ['done', 'sending', 'saved', 'submitted', 'failed', 'cancelled', 'withdrawn'],
  failed: ['ready', 'sending', 'saved', 'submitted', 'done', 'failed', 'skipped', 'cancelled', 'withdrawn'],
  skipped: ['ready', 'sending', 'saved', 'submitted', 'done', 'failed', 'skipped', 'cancelled'],
  cancelled: ['cancelled', 'withdrawn', 'failed', 'done', 'sending', 'saved', 'submitted'],
  withdrawn: ['withdrawn', 'ready', 'cancelled'],
};

/** The states from which a document may move to `to`. */
export function statesBefore(to: DocumentState): readonly DocumentState[] {
  return documentStates.filter((from) => transitions[from].includes(to));
}
