-- Sentences that somebody says were read wrongly, with numbers and names masked, as they were read; never who said them or where.
create table misreads (
  id bigint generated always as identity primary key,
  sentence text not null,
  intent text not null,
  act text not null,
  at timestamptz not null,
  unique (sentence, intent, act)
);
