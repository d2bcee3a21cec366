-- What an alert is follows from its row and from the silences that hold; what was said of it, and to whom, is a log of its own.
-- An alert that comes back long after it was over begins a new episode.
alter table alerts drop column state;
alter table alerts drop column until;
alter table alerts drop column notified_at;
alter table alerts drop column escalated_at;
alter table alerts drop column shown;
-- what is counted
alter table alerts add column unit text not null default 'orders' check (unit in ('orders', 'runs', 'none'));
alter table alerts add column episode integer not null default 1;
alter table alerts add column owned_at timestamptz;
-- where it was asked for: there its end is told
alter table silences add column conversation text not null default '';

-- One row a message, alert and receiver. Several alerts in one message share its card. `round` counts what was said before, so that
-- of two nodes that want to say the same only one can.
create table notifications (
  fingerprint text not null references alerts (fingerprint) on delete cascade,
  episode integer not null,
  -- `feishu:oc_…`, `dingtalk:cid…`, `robot:<name>`, `web:*`
  receiver text not null,
  kind text not null check (kind in ('alert', 'escalation', 'resolved', 'asked')),
  round integer not null,
  card_id text not null,
  severity text not null,
  count integer not null,
  at timestamptz not null,
  primary key (fingerprint, episode, receiver, kind, round)
);
create index notifications_card on notifications (card_id);
create index sent_cards_card on sent_cards (card_id);

-- Where a run's card was sent besides the conversation that asked for it.
create table run_cards (
  run_id text not null references runs (id) on delete cascade,
  conversation text not null,
  at timestamptz not null,
  primary key (run_id, conversation)
);

-- Ticks of a schedule that began no run because the one before was still on.
create table skipped_ticks (
  pipeline text not null,
  at timestamptz not null,
  primary key (pipeline, at)
);

-- Schedules as they were first seen enabled: a run is late only against one that has stood for a while.
create table seen_schedules (
  pipeline text primary key,
  cron text not null,
  at timestamptz not null
);

-- What waited at the last look, and in how many looks on end it has grown.
create table backlogs (
  pipeline text primary key,
  waiting integer not null,
  grown integer not null,
  at timestamptz not null
);

-- Failures are grouped every few seconds: never by reading every document.
create index documents_with_error on documents (pipeline, category) where error is not null;
