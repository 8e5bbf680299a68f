-- title: a publication of the user with row filter and column list
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text, secret text); CREATE PUBLICATION mine FOR TABLE t (id, v) WHERE (id > 10);
-- @seed
INSERT INTO t SELECT g, 'v', 's' || g FROM generate_series(1, 20) g;
-- @cdc
UPDATE t SET secret = 'changed' WHERE id < 5; INSERT INTO t VALUES (5000, 'a', 'b'); DELETE FROM t WHERE id = 1; UPDATE t SET id = 9 + 1000 WHERE id = 9;
