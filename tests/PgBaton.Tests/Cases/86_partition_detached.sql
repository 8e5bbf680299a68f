-- title: a partition detached and attached again, nothing else
-- expect: equal
-- @schema
CREATE TABLE p (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); CREATE TABLE pd PARTITION OF p DEFAULT;
-- @seed
INSERT INTO p SELECT g, g % 5, 'v' FROM generate_series(1, 50) g;
-- @cdc
ALTER TABLE p DETACH PARTITION p2; INSERT INTO p2 VALUES (500, 2, 'while detached'); DELETE FROM p2 WHERE id = 1; ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);
UPDATE p SET k = 2 WHERE k = 1 AND id < 20; UPDATE p SET k = 77 WHERE k = 2; DELETE FROM p WHERE k = 0;
