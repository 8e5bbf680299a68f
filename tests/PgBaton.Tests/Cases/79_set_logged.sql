-- title: an unlogged table becomes logged, a logged one unlogged, while following
-- expect: drift: PB0509
-- @schema
CREATE UNLOGGED TABLE cache (id int PRIMARY KEY, v text); CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO cache SELECT g, 'v' FROM generate_series(1, 90) g; INSERT INTO t SELECT g, 'v' FROM generate_series(1, 90) g;
-- @cdc
ALTER TABLE cache SET LOGGED; INSERT INTO cache VALUES (100, 'now logged'); INSERT INTO t VALUES (100, 'x');
