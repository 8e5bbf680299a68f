-- title: an index of a partitioned table that not every partition has, invalid by design
-- expect: equal
-- @schema
CREATE TABLE p (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE INDEX p_id ON ONLY p (id); CREATE INDEX p1_id ON p1 (id); ALTER INDEX p_id ATTACH PARTITION p1_id;
-- @seed
INSERT INTO p SELECT g, g % 2 + 1 FROM generate_series(1, 50) g;
-- @cdc
INSERT INTO p VALUES (100, 1), (100, 2);
