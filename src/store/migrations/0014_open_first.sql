-- The first open message and the first open answer of a conversation, without looking at all that wait behind them.
create index inbox_next on inbox (seq) where done_at is null;
create index outbox_first on outbox (conversation, id) where done_at is null;
create index outbox_next on outbox (id) where done_at is null;
