-- What a setting was and is, with the decision that changed it: a value map's entry, a schedule.
alter table audit add column change jsonb;
