-- Links that let somebody onto the page once, and the sessions that they have become. Secrets are kept as their hashes.
create table page_logins (
  secret text primary key,
  kind text not null check (kind in ('link', 'session')),
  person text not null,
  expires_at timestamptz not null
);
