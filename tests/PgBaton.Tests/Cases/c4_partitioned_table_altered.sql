-- title: a partitioned table gets a column, a check and another type while it is followed
-- expect: drift: PB0509
-- @schema
CREATE TABLE p (id int, k int, v varchar(5), gone int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE a2 PARTITION OF p FOR VALUES IN (2) PARTITION BY RANGE (id); CREATE TABLE a21 PARTITION OF a2 FOR VALUES FROM (0) TO (10000);
-- @seed
INSERT INTO p SELECT g, 1 + g % 2, 'x' FROM generate_series(1, 100) g;
-- @cdc
ALTER TABLE p ADD COLUMN n int NOT NULL DEFAULT 5, ADD CHECK (n > 0); INSERT INTO p (id, k, v, n) VALUES (1000, 1, 'y', 7); ALTER TABLE p ALTER v TYPE varchar(50), ALTER v SET NOT NULL; ALTER TABLE p DROP gone; UPDATE p SET v = repeat('v', 40) WHERE id = 2;
