-- title: materialized views that stand on each other, against the order of their names; one without data, one with an index
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v int); CREATE MATERIALIZED VIEW z_first AS SELECT id, v * 2 AS w FROM t; CREATE UNIQUE INDEX ON z_first (id); CREATE MATERIALIZED VIEW m_second AS SELECT w, count(*) AS n FROM z_first GROUP BY w;
CREATE VIEW between_them AS SELECT sum(n) AS s FROM m_second; CREATE MATERIALIZED VIEW a_third AS SELECT s, now() IS NOT NULL AS ok FROM between_them; CREATE MATERIALIZED VIEW empty_one AS SELECT * FROM t WITH NO DATA;
CREATE MATERIALIZED VIEW b_fourth AS SELECT * FROM a_third; CREATE INDEX ON b_fourth (s);
-- @seed
INSERT INTO t SELECT g, g % 4 FROM generate_series(1, 40) g; REFRESH MATERIALIZED VIEW z_first; REFRESH MATERIALIZED VIEW m_second; REFRESH MATERIALIZED VIEW a_third; REFRESH MATERIALIZED VIEW b_fourth;
-- @cdc
INSERT INTO t SELECT g, 9 FROM generate_series(100, 110) g; DELETE FROM t WHERE id < 5; REFRESH MATERIALIZED VIEW z_first; UPDATE t SET v = 3 WHERE id = 40;
