-- One row a cause. `shown` is what the last message said, so that a node that comes later does not say it again.
create table alerts (
  fingerprint text primary key,
  pipeline text not null,
  category text not null,
  severity text not null check (severity in ('urgent', 'normal')),
  state text not null check (state in ('firing', 'acknowledged', 'silenced', 'resolved')),
  count integer not null,
  message text not null,
  next text not null,
  -- {orders, subjects}
  about jsonb not null default '{}',
  since timestamptz not null,
  last_seen timestamptz not null,
  resolved_at timestamptz,
  owner text,
  until timestamptz,
  notified_at timestamptz,
  escalated_at timestamptz,
  shown text not null default ''
);

create table silences (
  id bigint generated always as identity primary key,
  -- null = every alert
  fingerprint text,
  person text not null,
  at timestamptz not null,
  until timestamptz not null,
  ended_at timestamptz
);
