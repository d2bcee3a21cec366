-- What a platform calls a person, as far as it has said so: cards name people and not their ids.
create table people (
  -- `dingtalk:<staffId>`, `feishu:<open_id>`
  person text primary key,
  name text not null
);
