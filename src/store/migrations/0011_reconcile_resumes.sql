-- A reconciliation goes on where it stood, like a run: a plan of its days, a place and a lease. What both sides say is scratch that
-- goes away as it is compared; differences and totals stay. Reconciliations made before have none of these and are made anew.
delete from reconciliations;
alter table reconciliations drop constraint reconciliations_state_check;
alter table reconciliations
  add constraint reconciliations_state_check check (state in ('running', 'done', 'failed', 'stopped')),
  -- [{day, from, counted, orders, seen}]
  add column days jsonb not null default '[]',
  -- where the next step starts: {stage, index, page, until}
  add column place jsonb not null default '{"stage": "plan", "index": 0}',
  add column stop_requested boolean not null default false,
  add column lease_owner text,
  add column lease_until timestamptz;

drop table reconcile_source;
drop table reconcile_target;
create table reconcile_source (
  id text not null,
  number text not null,
  key text not null,
  day date not null,
  shop text not null,
  warehouse text not null,
  status text not null,
  amount numeric not null,
  quantity numeric not null,
  -- should have a bill, was cancelled after shipping, or is none of ours
  stand text not null check (stand in ('due', 'cancelled', 'other')),
  modified timestamptz not null,
  primary key (id, number)
);
create index reconcile_source_day on reconcile_source (id, day);
create table reconcile_target (
  id text not null,
  number text not null,
  day date not null,
  amount numeric not null,
  quantity numeric not null,
  status text not null,
  primary key (id, number)
);

create table reconcile_differences (
  id text not null references reconciliations (id) on delete cascade,
  key text not null,
  kind text not null,
  day date not null,
  shop text not null,
  warehouse text not null,
  source_amount numeric,
  target_amount numeric,
  source_quantity numeric,
  target_quantity numeric,
  -- what the ledger knew when they were compared: the sentence of the last failure, and how far the document was
  reason text,
  document_state text,
  primary key (id, key)
);
create table reconcile_totals (
  id text not null references reconciliations (id) on delete cascade,
  day date not null,
  shop text not null,
  warehouse text not null,
  source_count bigint not null,
  source_amount numeric not null,
  target_count bigint not null,
  target_amount numeric not null,
  primary key (id, day, shop, warehouse)
);
