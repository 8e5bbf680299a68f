-- title: composite types and row types that lost and gained attributes before: values written under each of their shapes
-- expect: equal
-- @schema
CREATE TYPE pair AS (a int, gone text, b text); CREATE TABLE rows_of (id int PRIMARY KEY, junk text, v text); CREATE TABLE t (id int PRIMARY KEY, p pair, ps pair[], r rows_of, d int); CREATE TABLE bag (p pair, r rows_of);
CREATE DOMAIN checked_pair AS pair CHECK ((VALUE).a > 0); CREATE TABLE by_domain (id int PRIMARY KEY, p checked_pair); CREATE TABLE by_pair (p pair, v int);
-- @seed
INSERT INTO t VALUES (1, (1, 'x', 'one'), ARRAY[(2, 'y', 'two')::pair, NULL], NULL, 1), (2, (NULL, NULL, NULL), '{}', NULL, 2); INSERT INTO bag VALUES ((1, 'x', 'one'), NULL), ((1, 'y', 'one'), NULL);
ALTER TYPE pair DROP ATTRIBUTE gone; INSERT INTO t VALUES (3, (3, 'three'), NULL, (7, 'junk', 'v'), 3);
ALTER TYPE pair ADD ATTRIBUTE c numeric; ALTER TYPE pair ADD ATTRIBUTE "D d" text COLLATE "C"; ALTER TABLE rows_of DROP COLUMN junk; ALTER TABLE rows_of ADD COLUMN late date;
INSERT INTO t VALUES (4, (4, 'four', 4.00, '"d"'), ARRAY[(5, ',', 5.0, '(')::pair], (8, 'w', '2020-02-02'), 4); INSERT INTO bag SELECT p, r FROM t; INSERT INTO bag SELECT p, r FROM t;
ALTER TYPE pair RENAME ATTRIBUTE b TO renamed; INSERT INTO by_domain VALUES (1, (1, 'x', 1, '')), (2, NULL); INSERT INTO by_pair SELECT p, id FROM t WHERE (p).a IS NOT NULL; ALTER TABLE by_pair ADD PRIMARY KEY (p);
-- @cdc
UPDATE t SET p.c = 1.0, r.late = '2021-01-01' WHERE id = 3; UPDATE t SET d = -d; UPDATE t SET ps[1].renamed = NULL WHERE id = 1; INSERT INTO t SELECT id + 10, p, ps, r FROM t; DELETE FROM t WHERE id = 2;
DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE (p).a = 1); UPDATE bag SET p.a = 100 WHERE ctid = (SELECT max(ctid) FROM bag WHERE (p).a = 4); DELETE FROM bag WHERE r IS NULL AND (p).a = 3; UPDATE by_domain SET p.a = 9; UPDATE by_pair SET v = 0 WHERE (p).a = 1; UPDATE by_pair SET p.renamed = 'key' WHERE (p).a = 4; DELETE FROM by_pair WHERE v = 3;
