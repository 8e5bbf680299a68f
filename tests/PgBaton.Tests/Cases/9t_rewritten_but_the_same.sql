-- title: VACUUM FULL, CLUSTER, REINDEX, a new fill factor, another storage and statistics while following: the rows are what they were
-- expect: equal
-- @schema
CREATE TABLE full_one (id int PRIMARY KEY, v text); CREATE TABLE clustered (id int PRIMARY KEY, k int, v text); CREATE INDEX clustered_k ON clustered (k); CLUSTER clustered USING clustered_k; CREATE TABLE bag (v text); CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM bag;
-- @seed
INSERT INTO full_one SELECT g, repeat(md5(g::text), 100) FROM generate_series(1, 200) g; DELETE FROM full_one WHERE id % 3 = 0; INSERT INTO clustered SELECT g, -g, 'v' FROM generate_series(1, 200) g; INSERT INTO bag SELECT 'b' || g % 7 FROM generate_series(1, 100) g; REFRESH MATERIALIZED VIEW m;
-- @cdc
UPDATE full_one SET v = v || 'x' WHERE id < 20; VACUUM FULL full_one; UPDATE full_one SET id = id + 1000 WHERE id < 10; CLUSTER clustered; UPDATE clustered SET k = id WHERE id < 50; CLUSTER clustered; DELETE FROM clustered WHERE k = 7; VACUUM FULL bag; DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE v = 'b3'); REINDEX TABLE clustered; REINDEX TABLE CONCURRENTLY full_one; VACUUM (FREEZE, ANALYZE) bag; VACUUM FULL m; REFRESH MATERIALIZED VIEW m; INSERT INTO bag VALUES ('end');
