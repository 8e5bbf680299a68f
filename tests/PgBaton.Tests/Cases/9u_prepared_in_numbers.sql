-- title: several prepared transactions at once, committed in another order, with savepoints, TRUNCATE, a sequence and odd names
-- expect: equal
-- @schema
CREATE TABLE t (id serial PRIMARY KEY, v text); CREATE TABLE emptied (id int PRIMARY KEY); CREATE TABLE bag (v text);
-- @seed
INSERT INTO t (v) SELECT 'seed' FROM generate_series(1, 20); INSERT INTO emptied SELECT generate_series(1, 5); INSERT INTO bag VALUES ('x'), ('x');
-- @cdc
SELECT current_database() || '_a''b' AS one, current_database() || '_"ü\%s' AS two, current_database() || '_3' AS three, current_database() || '_4' AS four \gset
BEGIN; INSERT INTO t (v) VALUES ('first prepared, last committed'); UPDATE t SET v = 'one' WHERE id = 1; PREPARE TRANSACTION :'one';
BEGIN; SAVEPOINT a; DELETE FROM t WHERE id = 2; ROLLBACK TO a; UPDATE t SET v = 'two' WHERE id = 3; SAVEPOINT b; INSERT INTO t (v) SELECT 'two' FROM generate_series(1, 2000); RELEASE b; DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag); PREPARE TRANSACTION :'two';
BEGIN; TRUNCATE emptied; INSERT INTO emptied VALUES (100); PREPARE TRANSACTION :'three';
BEGIN; UPDATE t SET id = id + 5000 WHERE id > 15 AND id < 20; PREPARE TRANSACTION :'four';
UPDATE t SET v = 'in between' WHERE id = 5; BEGIN; SAVEPOINT s; UPDATE t SET v = 'sub' WHERE id = 6; RELEASE s; COMMIT;
COMMIT PREPARED :'three'; ROLLBACK PREPARED :'four'; UPDATE t SET v = 'after the rollback' WHERE id = 16; COMMIT PREPARED :'two'; INSERT INTO emptied VALUES (101); UPDATE t SET v = v || '!' WHERE id = 3; COMMIT PREPARED :'one'; UPDATE t SET v = v || '!' WHERE id = 1;
BEGIN; PREPARE TRANSACTION :'four'; COMMIT PREPARED :'four';
