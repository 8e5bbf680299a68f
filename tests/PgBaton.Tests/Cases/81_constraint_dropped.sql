-- title: what does not disturb the stream but the schema: an index, a dropped column, a dropped constraint, a function replaced, a view
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, a int, b text CHECK (b <> '')); CREATE INDEX t_a ON t (a); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT id FROM t;
-- @seed
INSERT INTO t VALUES (1, 1, 'x');
-- @cdc
CREATE INDEX t_b ON t (b); CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'; INSERT INTO t VALUES (2, 2, 'y');
