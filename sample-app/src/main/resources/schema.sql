-- No constraint, version or condition here keeps two callers apart: that is the lock's work.
create table if not exists orders (
  id bigint primary key,
  customer varchar(100) not null,
  total decimal(10, 2) not null,
  paid boolean default false not null
);
create table if not exists payments (
  id bigint generated always as identity,
  order_id bigint not null,
  amount decimal(10, 2) not null,
  instance varchar(100) not null
);
create table if not exists stock (
  sku varchar(100) primary key,
  quantity int not null
);
create table if not exists reservations (
  id bigint generated always as identity,
  sku varchar(100) not null,
  instance varchar(100) not null
);
create table if not exists reports (
  id bigint generated always as identity,
  written_at timestamp with time zone default current_timestamp not null,
  instance varchar(100) not null,
  payments int not null,
  revenue decimal(12, 2) not null
);
