-- What is asked for twice at a time is one run: `about` says what a run is about, whoever asks and in whatever instant.
alter table runs add column about text;
create unique index runs_about on runs (about) where state in ('queued', 'running');

-- Likewise a reconciliation of the same days in the same conversation; of those that are on twice already the first stays.
update reconciliations r set state = 'stopped', lease_owner = null, lease_until = null
where r.state = 'running' and exists (
  select 1 from reconciliations o
  where o.state = 'running' and not o.stop_requested and o.pipeline = r.pipeline and o.window_start = r.window_start
    and o.window_end = r.window_end and o.requester ->> 'conversation' = r.requester ->> 'conversation'
    and (o.created_at, o.id) < (r.created_at, r.id));
create unique index reconciliations_on on reconciliations (pipeline, window_start, window_end, (requester ->> 'conversation'))
  where state = 'running' and not stop_requested;
