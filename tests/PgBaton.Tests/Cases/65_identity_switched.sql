-- title: replica identities of every kind, switched while the changes come
-- expect: equal
-- @schema
CREATE TABLE by_index (a int NOT NULL, b text NOT NULL, v int); CREATE UNIQUE INDEX by_index_key ON by_index (b, a); ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_key;
CREATE TABLE full_with_key (id int PRIMARY KEY, v text); ALTER TABLE full_with_key REPLICA IDENTITY FULL;
CREATE TABLE full_nulls (a int, b text, c numeric); ALTER TABLE full_nulls REPLICA IDENTITY FULL;
CREATE TABLE switched (id int PRIMARY KEY, u int NOT NULL UNIQUE, v text);
CREATE TABLE nothing_but_inserts (id int, v text); ALTER TABLE nothing_but_inserts REPLICA IDENTITY NOTHING;
CREATE TABLE index_over_key (id int PRIMARY KEY, u text NOT NULL, v int); CREATE UNIQUE INDEX index_over_key_u ON index_over_key (u); ALTER TABLE index_over_key REPLICA IDENTITY USING INDEX index_over_key_u;
-- @seed
INSERT INTO by_index SELECT g, 'b' || g % 3, g FROM generate_series(1, 20) g;
INSERT INTO full_with_key SELECT g, 'v' FROM generate_series(1, 20) g;
INSERT INTO full_nulls VALUES (NULL, NULL, NULL), (NULL, NULL, NULL), (1, NULL, 1.0), (1, NULL, 1.00), (1, '', NULL);
INSERT INTO switched SELECT g, -g, 'v' FROM generate_series(1, 20) g;
INSERT INTO nothing_but_inserts SELECT g, 'n' FROM generate_series(1, 20) g;
INSERT INTO index_over_key SELECT g, 'u' || g, g FROM generate_series(1, 20) g;
-- @cdc
UPDATE by_index SET b = 'moved', a = a + 100 WHERE v < 5; DELETE FROM by_index WHERE v = 10; UPDATE by_index SET v = -v WHERE v > 15;
UPDATE full_with_key SET id = id + 100 WHERE id < 5; UPDATE full_with_key SET v = 'w' WHERE id > 15; DELETE FROM full_with_key WHERE id = 10;
DELETE FROM full_nulls WHERE ctid = (SELECT min(ctid) FROM full_nulls WHERE a IS NULL); UPDATE full_nulls SET b = 'x' WHERE c::text = '1.00'; UPDATE full_nulls SET c = 0 WHERE b = '';
UPDATE switched SET v = 'as key' WHERE id = 1;
ALTER TABLE switched REPLICA IDENTITY FULL;
UPDATE switched SET v = 'as full', id = 200 WHERE id = 2; DELETE FROM switched WHERE id = 3;
ALTER TABLE switched REPLICA IDENTITY USING INDEX switched_u_key;
UPDATE switched SET v = 'as index', u = -400 WHERE id = 4; DELETE FROM switched WHERE id = 5;
BEGIN; UPDATE switched SET v = 'before' WHERE id = 6; ALTER TABLE switched REPLICA IDENTITY DEFAULT; UPDATE switched SET v = 'after', id = 600 WHERE id = 6; COMMIT;
UPDATE nothing_but_inserts SET v = 'changed' WHERE id < 3; DELETE FROM nothing_but_inserts WHERE id = 9; INSERT INTO nothing_but_inserts VALUES (100, 'more');
UPDATE index_over_key SET id = id + 1000 WHERE id < 4; UPDATE index_over_key SET u = 'changed' WHERE id = 10; DELETE FROM index_over_key WHERE id = 12;
