-- Marks of fences: who has entered each resource last. The name of the table is lock.fencing.jdbc.table.
-- utf8mb4_nopad_bin tells upper from lower case and minds spaces at the end. 700 characters are 2800 bytes; an index takes 3072.
create table if not exists lock_fence (
    resource varchar(700) not null primary key,
    token bigint not null,
    holder varchar(100) not null,
    touched timestamp(6) not null default current_timestamp(6),
    index lock_fence_touched (touched)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_nopad_bin;
