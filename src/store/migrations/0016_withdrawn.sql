-- A document that somebody has taken back out stays out until somebody puts it back: who and when is kept with it.
alter table documents add column withdrawn_by text;
alter table documents add column withdrawn_at timestamptz;
update documents d set state = 'withdrawn', withdrawn_at = d.updated_at, withdrawn_by = (
    select r.requester ->> 'person' from runs r join run_documents x on x.run_id = r.id
    where r.pipeline = d.pipeline and r.kind = 'undo' and x.key = d.key and x.outcome = 'undone' order by r.created_at desc limit 1)
  where d.state = 'undone';
create index documents_withdrawn on documents (pipeline, key) where state = 'withdrawn';

-- Neither due nor a difference.
alter table reconcile_source drop constraint reconcile_source_stand_check;
alter table reconcile_source
  add constraint reconcile_source_stand_check check (stand in ('due', 'cancelled', 'withdrawn', 'other'));
