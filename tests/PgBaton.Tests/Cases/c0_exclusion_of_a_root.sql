-- @min 17
-- title: an exclusion constraint of a partitioned table
-- expect: refused: PB1075
-- @schema
CREATE EXTENSION btree_gist; CREATE TABLE p (k int, during int4range, id int, EXCLUDE USING gist (k WITH =, during WITH &&), PRIMARY KEY (k, id)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- @seed
INSERT INTO p SELECT 1 + g % 2, int4range(g, g + 1), g FROM generate_series(1, 50) g;
-- @cdc
UPDATE p SET during = 'empty' WHERE id = 1;
