-- title: a column dropped and made again by the same name and type, its values gone
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text, n int);
-- @seed
INSERT INTO t SELECT g, 'v' || g, g FROM generate_series(1, 20) g;
-- @cdc
ALTER TABLE t DROP COLUMN n; ALTER TABLE t ADD COLUMN n int; UPDATE t SET n = 5 WHERE id = 1;
