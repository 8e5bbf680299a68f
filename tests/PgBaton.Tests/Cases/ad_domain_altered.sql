-- title: a domain gets a wider check while following, and a value that the old one forbids
-- expect: drift: PB0509
-- @schema
CREATE DOMAIN small AS int CONSTRAINT few CHECK (VALUE < 10); CREATE TABLE t (id int PRIMARY KEY, n small);
-- @seed
INSERT INTO t SELECT g, g % 10 FROM generate_series(1, 20) g;
-- @cdc
ALTER DOMAIN small DROP CONSTRAINT few; ALTER DOMAIN small ADD CONSTRAINT few CHECK (VALUE < 1000); UPDATE t SET n = 500 WHERE id = 1;
