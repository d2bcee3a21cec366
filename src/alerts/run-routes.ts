import type { Card } from '../channels/message.ts';
import type { Outbox } from '../channels/outbox.ts';
import type { Sql } from '../store/sql.ts';
import type { Run } from '../sync/run.ts';
import type { AlertRules } from './rules.ts';

/** Where a run is reported besides the conversation that asked for it: sent there once, whichever node sees it first, moved after. */
export async function showElsewhere(
  parts: { sql: Sql; now: Date; rules: AlertRules; outbox: Outbox; show: (conversation: string, card: Card) => void },
  run: Run,
  card: Card,
): Promise<void> {
  const { sql, now, rules, outbox, show } = parts;
  const routes = rules.runs.filter(
    ({ triggers, pipelines, only }) =>
      (!triggers || triggers.includes(run.trigger)) &&
      (!pipelines || pipelines.includes(run.pipeline)) &&
      (!only || run.state === 'failed' || run.state === 'partial'),
  );
  for (const conversation of new Set(routes.flatMap(({ to }) => to))) {
    if (conversation === run.requester.conversation) continue;
    const sent = await sql.transaction(async (tx) => {
      const rows = await tx.query(
        'insert into run_cards (run_id, conversation, at) values ($1, $2, $3) on conflict do nothing returning run_id',
        [run.id, conversation, now],
      );
      if (rows.length > 0) await outbox.enqueue(tx, conversation, { reply: { text: card.title, card } });
      return rows.length > 0;
    });
    if (!sent) show(conversation, card);
  }
}
