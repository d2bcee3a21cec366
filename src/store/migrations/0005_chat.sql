-- Messages of chat platforms, each once however often it is delivered. Kept longer than the longest redelivery (7 h for Feishu).
create table inbox (
  seq bigint generated always as identity primary key,
  channel text not null,
  message_id text not null,
  conversation text not null,
  -- {message, handle}: what was said, and what the channel needs to answer it
  content jsonb not null,
  received_at timestamptz not null,
  lease_until timestamptz,
  done_at timestamptz,
  unique (channel, message_id)
);
create index inbox_open on inbox (conversation, seq) where done_at is null;
create index inbox_done on inbox (done_at) where done_at is not null;

-- Where a card of ours stands on a platform, and what it last showed: buttons are looked up here, never believed.
create table sent_cards (
  channel text not null,
  conversation text not null,
  card_id text not null,
  handle jsonb not null,
  card jsonb not null,
  at timestamptz not null,
  primary key (channel, conversation, card_id)
);

-- What must reach a conversation though the platform is down.
create table outbox (
  id bigint generated always as identity primary key,
  channel text not null,
  conversation text not null,
  -- {reply, handle?, at?}
  content jsonb not null,
  attempts integer not null default 0,
  next_at timestamptz not null,
  lease_until timestamptz,
  done_at timestamptz,
  created_at timestamptz not null
);
create index outbox_open on outbox (next_at) where done_at is null;
