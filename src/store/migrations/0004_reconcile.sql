-- A comparison of both sides over a window. Its rows are dropped when a newer one of the same window has ended.
create table reconciliations (
  id text primary key,
  pipeline text not null,
  window_start timestamptz not null,
  window_end timestamptz not null,
  requester jsonb not null,
  state text not null check (state in ('running', 'done', 'failed')),
  -- how far each side has been read: {source, target, total}
  progress jsonb not null default '{}',
  error jsonb,
  created_at timestamptz not null,
  finished_at timestamptz
);
create index reconciliations_recent on reconciliations (pipeline, created_at desc);

create table reconcile_source (
  id text not null references reconciliations (id) on delete cascade,
  key text not null,
  number text not null,
  day date not null,
  shop text not null,
  warehouse text not null,
  amount numeric not null,
  quantity numeric not null,
  -- should have a bill, was cancelled after shipping, or is none of ours
  stand text not null check (stand in ('due', 'cancelled', 'other')),
  modified timestamptz not null,
  primary key (id, key)
);

create table reconcile_target (
  id text not null references reconciliations (id) on delete cascade,
  number text not null,
  day date not null,
  amount numeric not null,
  quantity numeric not null,
  status text not null,
  primary key (id, number)
);
