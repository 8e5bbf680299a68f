-- title: one transaction of more than the memory of decoding, with parts of it taken back, beside changes of every kind; and one of nothing but taken back parts
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text, n int DEFAULT 0); CREATE TABLE bag (v text); CREATE TABLE counter (id int PRIMARY KEY, n bigint);
-- @seed
INSERT INTO t SELECT g, 'seed' FROM generate_series(1, 1000) g; INSERT INTO counter VALUES (1, 0); INSERT INTO bag VALUES ('x'), ('x');
-- @cdc
BEGIN; INSERT INTO t SELECT g, repeat(md5(g::text), 32) FROM generate_series(10001, 80000) g; UPDATE counter SET n = n + 1; SAVEPOINT big; UPDATE t SET n = 1, v = upper(v) WHERE id > 60000; DELETE FROM t WHERE id < 500; UPDATE counter SET n = n + 1000; ROLLBACK TO big; SAVEPOINT other; UPDATE t SET n = 2 WHERE id % 10 = 0; UPDATE t SET id = -id WHERE id BETWEEN 20000 AND 20100; RELEASE other; DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag); DELETE FROM t WHERE id BETWEEN 30000 AND 60000; UPDATE counter SET n = n + 1; COMMIT;
BEGIN; SAVEPOINT s; INSERT INTO t SELECT g, repeat('never', 200) FROM generate_series(100001, 170000) g; ROLLBACK TO s; COMMIT; BEGIN; INSERT INTO t SELECT g, repeat('nor this', 200) FROM generate_series(100001, 150000) g; ROLLBACK; INSERT INTO t VALUES (100001, 'last');
