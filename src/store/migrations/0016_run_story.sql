-- What a run tells of itself afterwards: the pages it took in, each once however often it was resumed, and who had it stopped.
alter table runs add column pages integer not null default 0;
alter table runs add column stopped_by text;
