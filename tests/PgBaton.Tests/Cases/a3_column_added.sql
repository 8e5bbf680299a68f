-- title: a column with a constant default added while following, in the middle of a transaction that writes rows of both shapes
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
BEGIN; INSERT INTO t VALUES (100, 'before'); ALTER TABLE t ADD COLUMN added int NOT NULL DEFAULT 7; INSERT INTO t VALUES (101, 'after', 8); UPDATE t SET v = 'u' WHERE id = 1; COMMIT;
