-- title: columns of the row types of catalogs, which have other columns in another version
-- expect: refused: PB1062
-- @schema
CREATE TABLE t (id int PRIMARY KEY, d pg_database[], c pg_class, n pg_namespace);
-- @seed
INSERT INTO t (id, n) SELECT 1, n FROM pg_namespace n WHERE nspname = 'public'; INSERT INTO t (id, d) SELECT 2, ARRAY[d] FROM pg_database d WHERE datname = 'template1';
-- @cdc
UPDATE t SET n = NULL;
