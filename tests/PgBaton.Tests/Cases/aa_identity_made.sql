-- title: an identity, another default and generated columns made and unmade while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, g int GENERATED ALWAYS AS (a * 2) STORED, d int DEFAULT 1);
-- @seed
INSERT INTO t (id, a) SELECT g, g FROM generate_series(1, 20) g;
-- @cdc
ALTER TABLE t ALTER g DROP EXPRESSION; INSERT INTO t (id, a, g) VALUES (100, 1, 77); UPDATE t SET g = 5 WHERE id = 1;
