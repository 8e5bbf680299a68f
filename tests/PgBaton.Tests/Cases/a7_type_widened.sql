-- title: a varchar made longer while following, with a value that fits only now
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v varchar(10), n numeric(4, 1));
-- @seed
INSERT INTO t SELECT g, 'v', g FROM generate_series(1, 20) g;
-- @cdc
ALTER TABLE t ALTER v TYPE varchar(50); UPDATE t SET v = repeat('v', 40) WHERE id = 1; ALTER TABLE t ALTER n TYPE numeric(8, 1); INSERT INTO t VALUES (100, 'x', 1234567);
