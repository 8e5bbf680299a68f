-- title: a view whose text no server takes back as its own prints it: a mark of a cycle that is cast
-- expect: refused: PB1076
-- @schema
CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS WITH RECURSIVE r (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5) CYCLE n SET looped TO 'y' DEFAULT 'n' USING path SELECT n, looped FROM r;
-- @seed
INSERT INTO t VALUES (1);
-- @cdc
INSERT INTO t VALUES (2);
