-- title: a column with a default that is another in every row is added while following, and nothing else is written
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
ALTER TABLE t ADD COLUMN u uuid NOT NULL DEFAULT gen_random_uuid();
