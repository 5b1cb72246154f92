-- Marks of fences: who has entered each resource last. The name of the table is lock.fencing.jdbc.table.
create table if not exists lock_fence (
    resource varchar(700) collate "C" primary key,
    token bigint not null,
    holder varchar(100) not null,
    touched timestamp(6) with time zone not null
);
create index if not exists lock_fence_touched on lock_fence (touched);
