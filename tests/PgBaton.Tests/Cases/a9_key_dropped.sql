-- title: the primary key is replaced by another while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL UNIQUE, v text);
-- @seed
INSERT INTO t SELECT g, -g, 'v' FROM generate_series(1, 20) g;
-- @cdc
BEGIN; UPDATE t SET v = 'before' WHERE id = 1; ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (a); UPDATE t SET v = 'after', a = -100 WHERE id = 2; DELETE FROM t WHERE id = 3; UPDATE t SET id = NULL WHERE id = 4 AND false; COMMIT; UPDATE t SET v = 'then' WHERE id = 5;
