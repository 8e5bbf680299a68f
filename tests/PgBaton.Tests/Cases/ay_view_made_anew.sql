-- title: a materialized view is dropped and made again with the same text while following, with its index, and its rows refreshed after others
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE MATERIALIZED VIEW again AS SELECT v, count(*) AS n FROM t GROUP BY v; CREATE UNIQUE INDEX again_v ON again (v); CREATE MATERIALIZED VIEW a_on_it AS SELECT sum(n) AS s FROM again;
-- @seed
INSERT INTO t SELECT g, 'v' || g % 3 FROM generate_series(1, 20) g; REFRESH MATERIALIZED VIEW again; REFRESH MATERIALIZED VIEW a_on_it;
-- @cdc
BEGIN; DROP MATERIALIZED VIEW again CASCADE; CREATE MATERIALIZED VIEW again AS SELECT v, count(*) AS n FROM t GROUP BY v; CREATE UNIQUE INDEX again_v ON again (v); CREATE MATERIALIZED VIEW a_on_it AS SELECT sum(n) AS s FROM again; COMMIT; INSERT INTO t VALUES (100, 'x'); REFRESH MATERIALIZED VIEW CONCURRENTLY again;
