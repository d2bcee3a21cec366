-- A schedule that was on and was paused until a moment runs again from then on.
alter table schedules add column paused_until timestamptz;
