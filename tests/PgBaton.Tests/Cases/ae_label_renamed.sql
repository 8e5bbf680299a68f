-- title: a label of an enum renamed while following: every row prints otherwise, and none was written
-- expect: drift: PB0509
-- @schema
CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE t (id int PRIMARY KEY, m mood);
-- @seed
INSERT INTO t SELECT g, (ARRAY['low', 'high'])[1 + g % 2]::mood FROM generate_series(1, 20) g;
-- @cdc
ALTER TYPE mood RENAME VALUE 'low' TO 'lowest'; UPDATE t SET m = 'lowest' WHERE id = 1;
