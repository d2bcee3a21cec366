-- Files on their way out, kept until they are sent.
create table outbox_files (
  outbox_id bigint primary key references outbox (id) on delete cascade,
  name text not null,
  bytes bytea not null
);

-- What a conversation gets goes out in order; what it last said tells where it is.
create index outbox_conversation on outbox (conversation, id) where done_at is null;
create index outbox_done on outbox (done_at) where done_at is not null;
create index inbox_conversation on inbox (conversation, seq);

-- The card of an answer that grows: whoever takes the message up again goes on with it.
alter table inbox add column growing jsonb;

-- What a card of ours shall show next; null = it shows the newest. `handle` is null until it is sent, {} where it went as text.
alter table sent_cards alter column handle drop not null;
-- Handles of the same card sent earlier: they move with it.
alter table sent_cards add column older jsonb not null default '[]';
alter table sent_cards add column wanted jsonb;
alter table sent_cards add column attempts integer not null default 0;
alter table sent_cards add column next_at timestamptz;
alter table sent_cards add column lease_until timestamptz;
create index sent_cards_wanted on sent_cards (next_at) where wanted is not null;
