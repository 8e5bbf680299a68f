-- title: a table dropped while following, after its last changes
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE other (id int PRIMARY KEY);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
UPDATE t SET v = 'last' WHERE id = 1; DROP TABLE t; INSERT INTO other VALUES (1);
