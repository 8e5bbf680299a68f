-- title: a materialized view is filled for the first time, another filled again, while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE MATERIALIZED VIEW filled AS SELECT v, count(*) AS n FROM t GROUP BY v WITH NO DATA; CREATE MATERIALIZED VIEW filled_again AS SELECT count(*) AS n FROM t;
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g; REFRESH MATERIALIZED VIEW filled_again;
-- @cdc
REFRESH MATERIALIZED VIEW filled; REFRESH MATERIALIZED VIEW filled_again; INSERT INTO t VALUES (100, 'x');
