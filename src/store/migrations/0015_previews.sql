-- A preview keeps nothing any more. What previews left among the runs and documents goes: documents that no other run has met and of which
-- nothing was ever sent.
delete from documents d
where d.target_id is null and d.intent_run is null and d.state in ('ready', 'failed', 'skipped')
  and not exists (
    select 1 from run_documents r join runs on runs.id = r.run_id
    where r.key = d.key and runs.pipeline = d.pipeline and runs.kind <> 'preview')
  and exists (
    select 1 from run_documents r join runs on runs.id = r.run_id
    where r.key = d.key and runs.pipeline = d.pipeline and runs.kind = 'preview');
delete from run_documents r using runs where runs.id = r.run_id and runs.kind = 'preview';
delete from runs where kind = 'preview';
alter table runs drop constraint runs_kind_check;
alter table runs add constraint runs_kind_check check (kind in ('sync', 'retry', 'undo'));
alter table run_documents drop constraint run_documents_outcome_check;
alter table run_documents add constraint run_documents_outcome_check
  check (outcome in ('pending', 'written', 'existing', 'failed', 'skipped', 'undone'));
