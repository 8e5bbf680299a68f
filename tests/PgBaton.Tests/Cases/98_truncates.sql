-- title: TRUNCATE beside changes in one transaction, of partitions, of referring tables, of a table without key
-- expect: equal
-- @schema
CREATE TABLE a (id int PRIMARY KEY, v text); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a); CREATE TABLE p (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT; CREATE TABLE bag (v int); ALTER TABLE bag REPLICA IDENTITY FULL;
-- @seed
INSERT INTO a SELECT g, 'v' FROM generate_series(1, 20) g; INSERT INTO b SELECT g, g FROM generate_series(1, 20) g; INSERT INTO p SELECT g, g % 3 FROM generate_series(1, 20) g; INSERT INTO bag SELECT generate_series(1, 5);
-- @cdc
BEGIN; INSERT INTO a VALUES (100, 'x'); UPDATE b SET a = 100; TRUNCATE a CASCADE; INSERT INTO a VALUES (1, 'after'); INSERT INTO b VALUES (1, 1); COMMIT; TRUNCATE p1; INSERT INTO p VALUES (1, 1); TRUNCATE p; INSERT INTO p SELECT g, g FROM generate_series(1, 4) g;
BEGIN; UPDATE bag SET v = v + 1; TRUNCATE bag; INSERT INTO bag VALUES (1), (1); DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag); COMMIT; BEGIN; TRUNCATE a, b, bag RESTART IDENTITY; ROLLBACK;
