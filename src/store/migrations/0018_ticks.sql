-- When a tick was taken, by the clock all services share: one that lies ahead of everybody's clock was taken by one that was wrong.
alter table ticks add column taken_at timestamptz not null default now();
