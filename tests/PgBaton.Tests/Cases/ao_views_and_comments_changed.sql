-- title: comments, views, a view's columns and a materialized view are made, changed and dropped while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE VIEW w AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM t; COMMENT ON TABLE t IS 'one';
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
COMMENT ON TABLE t IS 'two'; CREATE OR REPLACE VIEW w AS SELECT id, v FROM t; DROP MATERIALIZED VIEW m; INSERT INTO t VALUES (100, 'x');
