-- title: tables that are declared catalogs of logical decoding, emptied and rewritten among other changes
-- expect: equal
-- @schema
CREATE TABLE c (id int PRIMARY KEY, v text) WITH (user_catalog_table = true); CREATE TABLE bag (v text) WITH (user_catalog_table); CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO c SELECT g, 'v' FROM generate_series(1, 20) g; INSERT INTO bag VALUES ('x'), ('x'); INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
BEGIN; UPDATE c SET v = 'w' WHERE id < 5; UPDATE t SET v = 'w' WHERE id < 5; DELETE FROM c WHERE id = 9; COMMIT; BEGIN; TRUNCATE c; INSERT INTO c VALUES (100, 'again'); UPDATE t SET v = 'x' WHERE id = 6; COMMIT; DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag); UPDATE bag SET v = 'y'; VACUUM FULL c;
