-- Four eyes: a confirmation that needs two people keeps who gave the first yes.
alter table confirmations add column four_eyes boolean not null default false;
alter table confirmations add column first_by text;

-- Tokens the model took, a row a day (Asia/Shanghai) for each person and each conversation.
create table model_usage (
  day date not null,
  who text not null,
  tokens bigint not null,
  primary key (day, who)
);

-- Value maps changed in chat: the latest row of a source wins over the file; a null target takes the change back.
create table map_changes (
  id bigint generated always as identity primary key,
  map text not null,
  source text not null,
  target text,
  person text not null,
  at timestamptz not null
);
create index map_changes_latest on map_changes (map, source, id desc);

-- Schedules changed in chat: wins over the pipeline file.
create table schedules (
  pipeline text primary key,
  cron text not null,
  enabled boolean not null,
  person text not null,
  at timestamptz not null
);
