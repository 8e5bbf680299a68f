-- title: partitions made, attached with rows, detached and dropped while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE p (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- @seed
INSERT INTO p SELECT g, g % 2 + 1, 'v' FROM generate_series(1, 50) g;
-- @cdc
CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3); INSERT INTO p VALUES (100, 3, 'new');
CREATE TABLE p4 (LIKE p INCLUDING ALL); INSERT INTO p4 SELECT g, 4, 'attached' FROM generate_series(1, 20) g; ALTER TABLE p ATTACH PARTITION p4 FOR VALUES IN (4);
ALTER TABLE p DETACH PARTITION p2; INSERT INTO p2 VALUES (500, 2, 'detached'); DROP TABLE p1;
