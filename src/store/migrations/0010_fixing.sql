-- What people decided about a document the target will not book on its day: another day, or to wait. `held_by` without `held_until` waits
-- until the target opens the period.
alter table documents add column date_override date;
alter table documents add column date_override_by text;
alter table documents add column date_override_at timestamptz;
alter table documents add column held_by text;
alter table documents add column held_until timestamptz;

-- What was tried again by itself because its cause seemed gone (补漏). A document whose cause outlives its tries waits longer each time.
create table automatic_retries (
  pipeline text not null,
  key text not null,
  category text not null,
  tries integer not null,
  next_at timestamptz not null,
  primary key (pipeline, key)
);

-- A change of a value map is a version: what the entry was before it, in the file or in an earlier change.
alter table map_changes add column before text;

-- An alert keeps what its members' sentences were filled with.
update alerts set about = about || '{"details": []}'::jsonb;
