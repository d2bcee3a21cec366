-- The emergency brake: while a row is here that nobody has released, nothing is written to the target. One can hold at a time.
create table brakes (
  id bigint generated always as identity primary key,
  person text not null,
  at timestamptz not null,
  released_by text,
  released_at timestamptz
);
create unique index brakes_held on brakes ((true)) where released_at is null;
