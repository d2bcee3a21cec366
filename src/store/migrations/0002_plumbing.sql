-- Calls reserved on a rate-limited key, newest last, as epoch milliseconds.
create table paces (
  key text primary key,
  slots bigint[] not null,
  blocked_until bigint not null default 0
);

create table tokens (
  name text primary key,
  access_token text not null,
  refresh_token text not null,
  expires_at timestamptz not null,
  updated_at timestamptz not null
);

-- keyv: what may be forgotten.
create table keyv (
  key text primary key,
  value text not null,
  expires bigint
);
