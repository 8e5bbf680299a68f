-- title: a materialized view is emptied while following
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE MATERIALIZED VIEW emptied AS SELECT count(*) AS n FROM t;
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g; REFRESH MATERIALIZED VIEW emptied;
-- @cdc
REFRESH MATERIALIZED VIEW emptied WITH NO DATA; INSERT INTO t VALUES (100, 'x');
