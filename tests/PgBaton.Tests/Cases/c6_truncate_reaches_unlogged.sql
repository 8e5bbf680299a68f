-- title: TRUNCATE CASCADE reaches an unlogged table that references the truncated one
-- expect: equal
-- @schema
CREATE TABLE a (id int PRIMARY KEY); CREATE UNLOGGED TABLE c (id int PRIMARY KEY, a int REFERENCES a);
-- @seed
INSERT INTO a VALUES (1); INSERT INTO c VALUES (1, 1);
-- @cdc
TRUNCATE a CASCADE; INSERT INTO a VALUES (2);
