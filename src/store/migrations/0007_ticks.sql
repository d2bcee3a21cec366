-- What is done by the clock, once a tick whoever looks: nightly reconciliations, digests.
create table ticks (
  key text primary key,
  at timestamptz not null
);
