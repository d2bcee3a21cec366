-- The first that is open, without sorting all that wait behind it.
create index inbox_next on inbox (seq) where done_at is null;
create index outbox_next on outbox (id) where done_at is null;
