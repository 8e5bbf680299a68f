-- title: rows written by COPY, cursors, chains of WITH, upserts; updates that change nothing; a temporary table that hides a real one; notices to others
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text, n int) WITH (fillfactor = 40); CREATE INDEX ON t (n); CREATE TABLE bag (v text); CREATE TABLE twin (id int PRIMARY KEY, v text); CREATE TRIGGER same BEFORE UPDATE ON twin FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); CREATE UNLOGGED TABLE aside (id int PRIMARY KEY);
-- @seed
INSERT INTO t SELECT g, 'v', g FROM generate_series(1, 200) g; INSERT INTO twin SELECT g, 'v' FROM generate_series(1, 20) g; INSERT INTO bag SELECT 'b' FROM generate_series(1, 20);
-- @cdc
COPY t (n, id, v) FROM stdin;
1	1001	\N
2	1002	a\tb\\N
3	1003	\\.x
\.
COPY bag FROM stdin WITH (FORMAT csv);
"one, ""two"""
""
b
\.
BEGIN; TRUNCATE twin; COPY twin FROM stdin WITH (FREEZE);
1	frozen
2	frozen
\.
COMMIT; INSERT INTO t SELECT g, 'many at once', g FROM generate_series(2001, 4000) g; BEGIN; DECLARE c CURSOR FOR SELECT id FROM t WHERE id < 10 ORDER BY id FOR UPDATE; FETCH 3 FROM c; UPDATE t SET v = 'current' WHERE CURRENT OF c; MOVE 1 FROM c; DELETE FROM t WHERE CURRENT OF c; COMMIT; BEGIN; DECLARE h CURSOR WITH HOLD FOR SELECT id FROM t; COMMIT; FETCH 5 FROM h;
WITH gone AS (DELETE FROM t WHERE id BETWEEN 50 AND 60 RETURNING *), back AS (INSERT INTO t SELECT id + 50000, v, n FROM gone RETURNING id), up AS (UPDATE t SET n = -n WHERE id BETWEEN 70 AND 80 RETURNING id) INSERT INTO bag SELECT 'moved ' || id FROM back UNION ALL SELECT 'up ' || id FROM up; UPDATE t SET v = b.v FROM bag b WHERE b.v = 'b' AND t.id = 90; DELETE FROM t USING twin WHERE t.id = twin.id;
INSERT INTO t VALUES (100, 'x', 1), (9000, 'x', 1) ON CONFLICT (id) DO UPDATE SET n = t.n + excluded.n WHERE t.id <> 100; INSERT INTO t SELECT id, 'again', n FROM t ON CONFLICT DO NOTHING; UPDATE twin SET v = v; UPDATE t SET v = v; DO $$ BEGIN FOR i IN 1..300 LOOP UPDATE public.t SET v = 'hot ' || i WHERE id = 150; END LOOP; END $$;
CREATE TEMP TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'of this session'); UPDATE t SET v = 'not to be seen'; DROP TABLE t; CREATE TEMP TABLE bag ON COMMIT DROP AS SELECT 1 AS one; CREATE TEMP SEQUENCE aside_seq; CREATE TEMP VIEW tv AS SELECT * FROM public.t; LISTEN news; NOTIFY news, 'it''s'; SELECT pg_advisory_lock(42), pg_advisory_unlock(42); BEGIN; LOCK TABLE twin; COMMIT; PREPARE p (int) AS UPDATE public.t SET n = $1 WHERE id = 160; EXECUTE p (7); EXECUTE p (8); INSERT INTO aside SELECT generate_series(1, 100); SELECT pg_current_xact_id(); SELECT id FROM public.t WHERE id = 170 FOR NO KEY UPDATE;
