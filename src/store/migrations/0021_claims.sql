-- Which run has a document in hand; it counts while that run's lease does.
alter table documents add column claimed_by text;
