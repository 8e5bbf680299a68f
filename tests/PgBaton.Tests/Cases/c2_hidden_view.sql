-- title: a materialized view whose function reads another, later one: no dependency tells
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY); CREATE MATERIALIZED VIEW z AS SELECT count(*) AS n FROM t; CREATE FUNCTION n() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT n FROM public.z); END'; CREATE MATERIALIZED VIEW a AS SELECT n() AS n; CREATE MATERIALIZED VIEW b AS SELECT n FROM a;
-- @seed
INSERT INTO t SELECT generate_series(1, 10); REFRESH MATERIALIZED VIEW z; REFRESH MATERIALIZED VIEW a; REFRESH MATERIALIZED VIEW b;
-- @cdc
INSERT INTO t VALUES (100);
