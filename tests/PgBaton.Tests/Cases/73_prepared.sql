-- title: prepared transactions, committed and rolled back while following
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO t SELECT g, 'seed' FROM generate_series(1, 10) g;
-- @cdc
BEGIN; INSERT INTO t VALUES (100, 'two phases'); UPDATE t SET v = 'prepared' WHERE id = 1; SELECT current_database() || '_one' AS gid \gset
PREPARE TRANSACTION :'gid';
INSERT INTO t VALUES (101, 'in between');
COMMIT PREPARED :'gid';
BEGIN; DELETE FROM t; PREPARE TRANSACTION :'gid';
ROLLBACK PREPARED :'gid';
UPDATE t SET v = 'last' WHERE id = 2;
