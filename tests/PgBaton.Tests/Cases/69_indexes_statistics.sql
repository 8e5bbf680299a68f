-- title: indexes of every method and shape, statistics, storage, options of columns and tables, an invalid index
-- expect: equal
-- @schema
CREATE EXTENSION pg_trgm WITH SCHEMA public;
CREATE TABLE t (id int, a int, b text, c text COLLATE "C", d jsonb, e int[], f tsrange, g point, h inet, i numeric, j text);
CREATE UNIQUE INDEX t_unique_expr ON t (lower(b), (a + 1)) WHERE a > 0; CREATE INDEX ON t USING hash (b); CREATE INDEX ON t USING gin (d jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX ON t USING gin (e); CREATE INDEX ON t USING gist (f) WITH (fillfactor = 70); CREATE INDEX ON t USING spgist (g); CREATE INDEX ON t USING brin (id) WITH (pages_per_range = 4); CREATE INDEX ON t USING gist (h inet_ops);
CREATE INDEX t_trgm ON t USING gin (j public.gin_trgm_ops); CREATE INDEX t_order ON t (a DESC NULLS LAST, b text_pattern_ops, c COLLATE "POSIX") INCLUDE (i);
ALTER TABLE t ADD CONSTRAINT t_pk PRIMARY KEY (id) WITH (fillfactor = 80); ALTER TABLE t CLUSTER ON t_pk; ALTER INDEX t_unique_expr ALTER COLUMN 2 SET STATISTICS 500;
CREATE STATISTICS t_stat (ndistinct, dependencies, mcv) ON a, b, (a % 10) FROM t; ALTER STATISTICS t_stat SET STATISTICS 200;
ALTER TABLE t ALTER a SET STATISTICS 1000, ALTER b SET STORAGE EXTERNAL, ALTER d SET COMPRESSION pglz, ALTER i SET (n_distinct = -0.5);
ALTER TABLE t SET (fillfactor = 60, autovacuum_enabled = false, toast.autovacuum_vacuum_scale_factor = 0.3);
CREATE TABLE u (a int, b int, UNIQUE NULLS NOT DISTINCT (a, b), UNIQUE (b) DEFERRABLE INITIALLY DEFERRED); ALTER TABLE u REPLICA IDENTITY FULL;
COMMENT ON INDEX t_order IS 'it''s ordered; -- not'; COMMENT ON STATISTICS t_stat IS 'st'; COMMENT ON CONSTRAINT t_pk ON t IS E'two\nlines';
-- @seed
INSERT INTO t SELECT g, g % 7 - 3 , 'b' || g, 'c' || g, jsonb_build_object('g', g), ARRAY[g, g + 1], tsrange(timestamp '2024-01-01' + g * interval '1 day', NULL), point(g, g), ('10.0.0.' || g % 250)::inet, g / 3.0, repeat('abc' || g, 5) FROM generate_series(1, 500) g;
INSERT INTO u VALUES (1, 2), (NULL, 3), (1, NULL);
-- @cdc
UPDATE t SET a = a * 2, b = upper(b) WHERE id < 50; DELETE FROM t WHERE id BETWEEN 100 AND 120; INSERT INTO t SELECT g, 5, 'new' || g FROM generate_series(1000, 1050) g;
BEGIN; UPDATE u SET b = 3 WHERE a = 1 AND b = 2; UPDATE u SET b = 2 WHERE a IS NULL; COMMIT; ANALYZE t;
