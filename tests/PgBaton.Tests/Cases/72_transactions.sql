-- title: a transaction of many rows, nested ones of which some are taken back, more than 64 of them, an empty one
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE log (at int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text);
-- @seed
INSERT INTO t SELECT g, 'seed' FROM generate_series(1, 1000) g;
-- @cdc
BEGIN; INSERT INTO t SELECT g, 'one transaction' FROM generate_series(10001, 30000) g; UPDATE t SET v = v || '!' WHERE id % 7 = 0; DELETE FROM t WHERE id % 11 = 0; COMMIT;
BEGIN; SAVEPOINT a; DELETE FROM t WHERE id < 500; ROLLBACK TO a; INSERT INTO t VALUES (-1, 'after rollback'); SAVEPOINT b; UPDATE t SET v = 'in b' WHERE id = -1; RELEASE b; SAVEPOINT c; DELETE FROM t WHERE id = -1; ROLLBACK TO c; INSERT INTO log (what) VALUES ('end'); COMMIT;
DO $$ BEGIN FOR i IN 1..150 LOOP BEGIN INSERT INTO log (what) VALUES ('sub ' || i); IF i % 3 = 0 THEN RAISE EXCEPTION 'no'; END IF; EXCEPTION WHEN raise_exception THEN INSERT INTO log (what) VALUES ('caught ' || i); END; END LOOP; END $$;
BEGIN; TRUNCATE log; ROLLBACK; BEGIN; COMMIT; BEGIN; SAVEPOINT s; CREATE TABLE never (id int); ROLLBACK TO s; INSERT INTO t VALUES (-2, 'after ddl that never was'); COMMIT;
BEGIN; UPDATE t SET id = -id WHERE id IN (1, 2, 3); UPDATE t SET id = id + 100000 WHERE id IN (-1, -2, -3); DELETE FROM t WHERE id = 4; INSERT INTO t VALUES (4, 'again'); DELETE FROM t WHERE id = 4; INSERT INTO t VALUES (4, 'and again'); COMMIT;
