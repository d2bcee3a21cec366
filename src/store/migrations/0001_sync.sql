-- Runs, documents and what one run did to each document. Counts are always computed from run_documents, never incremented,
-- so a page done twice counts once.
create table runs (
  id text primary key,
  pipeline text not null,
  kind text not null check (kind in ('sync', 'preview', 'retry', 'undo')),
  trigger text not null check (trigger in ('chat', 'page', 'cli', 'api', 'schedule')),
  window_by text not null check (window_by in ('io_date', 'modified', 'changes')),
  window_start timestamptz not null,
  window_end timestamptz not null,
  -- {shopIds?, excludeShopIds?, keys?, category?}
  filters jsonb not null default '{}',
  -- {person, conversation}
  requester jsonb not null,
  state text not null check (state in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  -- where the next step starts: {slice, stage, page}
  checkpoint jsonb not null default '{}',
  total integer,
  cancel_requested boolean not null default false,
  lease_owner text,
  lease_until timestamptz,
  -- AppError.toJSON() of what stopped it
  error jsonb,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index runs_recent on runs (created_at desc);
create index runs_active on runs (pipeline, window_start, window_end) where state in ('queued', 'running');

-- Every document ever seen, its last version and how far it got.
create table documents (
  pipeline text not null,
  key text not null,
  state text not null,
  source_status text not null,
  modified timestamptz not null,
  io_date timestamptz,
  shop_id text not null,
  shop_name text not null,
  warehouse_id text not null,
  amount numeric not null,
  quantity numeric not null,
  -- the row as read, personal data removed
  raw jsonb not null,
  bill_number text not null,
  target_id text,
  attempts integer not null default 0,
  category text,
  -- AppError.toJSON() of the last failure
  error jsonb,
  -- a write was sent and may still land until then; and the run that sent it
  intent_until timestamptz,
  intent_run text,
  mapping_version text,
  -- seen as cancelled at the source after it had been written
  cancelled_at timestamptz,
  first_seen_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (pipeline, key)
);
create index documents_failed on documents (pipeline, category) where state = 'failed';
create index documents_io_date on documents (pipeline, io_date);

create table run_documents (
  run_id text not null references runs (id),
  key text not null,
  outcome text not null check (outcome in ('pending', 'written', 'existing', 'failed', 'skipped', 'planned', 'undone')),
  category text,
  error jsonb,
  slice integer not null default 0,
  primary key (run_id, key)
);
create index run_documents_outcome on run_documents (run_id, outcome);

-- Incremental reading: the highest rowversion or instant that has been taken in, a row for each route.
create table watermarks (
  pipeline text not null,
  route text not null,
  ts text,
  until timestamptz not null,
  updated_at timestamptz not null,
  primary key (pipeline, route)
);

-- What waits for a yes. Single use: claimed by one UPDATE … WHERE claimed_at IS NULL.
create table confirmations (
  id text primary key,
  person text not null,
  conversation text not null,
  tool text not null,
  args jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  claimed_at timestamptz,
  outcome text
);
create index confirmations_open on confirmations (conversation, person, expires_at) where claimed_at is null;

create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  person text not null,
  conversation text not null,
  tool text not null,
  args jsonb not null,
  decision text not null,
  outcome text not null,
  run_id text
);
create index audit_recent on audit (at desc);
