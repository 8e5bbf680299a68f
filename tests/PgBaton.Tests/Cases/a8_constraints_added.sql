-- title: checks, keys and NOT NULL added while following, which no message of the stream tells of
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, a int, b int); CREATE TABLE u (id int PRIMARY KEY);
-- @seed
INSERT INTO t SELECT g, g, g FROM generate_series(1, 20) g; INSERT INTO u SELECT generate_series(1, 20);
-- @cdc
ALTER TABLE t ALTER a SET NOT NULL; UPDATE t SET b = 1 WHERE id = 2; ALTER TABLE t ADD CHECK (a > 0), ADD FOREIGN KEY (b) REFERENCES u; INSERT INTO t VALUES (100, 1, 1);
