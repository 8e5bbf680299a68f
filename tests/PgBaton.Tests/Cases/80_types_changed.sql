-- title: types altered while following: a new label of an enum, a domain's check, an attribute of a composite type
-- expect: drift: PB0509
-- @schema
CREATE TYPE mood AS ENUM ('low', 'high'); CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (id int PRIMARY KEY, m mood, p positive); CREATE TABLE c (id int PRIMARY KEY, v pair);
-- @seed
INSERT INTO t VALUES (1, 'low', 1); INSERT INTO c VALUES (1, '(1,x)');
-- @cdc
ALTER TYPE mood ADD VALUE 'middle' AFTER 'low'; INSERT INTO t VALUES (2, 'middle', 2);
