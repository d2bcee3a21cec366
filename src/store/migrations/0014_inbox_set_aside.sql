-- Who works on a message, and how many of them came to an end before it was answered: after two it is set aside.
alter table inbox add column holder text;
alter table inbox add column ended integer not null default 0;
