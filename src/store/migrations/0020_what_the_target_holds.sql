-- What a document held when its bill was written, as a hash: so that a later change at the source is known as one.
alter table documents add column written_as text;
-- The number the target gave a bill instead of the one it was sent.
alter table documents add column other_number text;
create index documents_other_number on documents (pipeline) where other_number is not null;

alter table reconcile_target rename column status to state;
update reconcile_target set state = case state when 'C' then 'final' when 'B' then 'submitted' else 'draft' end;

-- A document is found by its bill, and by the numbers of the source that people know.
create index documents_bill on documents (pipeline, bill_number);
create index documents_online on documents (pipeline, (raw -> 'raw' ->> 'so_id'));
-- A return is found by the order it goes back on.
create index documents_order on documents (pipeline, (raw -> 'raw' ->> 'o_id'));
create index documents_after_sale on documents (pipeline, (raw -> 'raw' ->> 'as_id'));
