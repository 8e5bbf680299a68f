-- title: a partitioned table with a foreign partition whose server the target cannot reach
-- expect plain owner: refused: PB1056
-- expect: equal
-- @schema
CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER s FOREIGN DATA WRAPPER nowhere; CREATE TABLE p (id int, k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (id)) FOR VALUES IN (1); CREATE FOREIGN TABLE p2 PARTITION OF p FOR VALUES IN (2) SERVER s;
-- @seed
INSERT INTO p SELECT g, 1 FROM generate_series(1, 20) g;
-- @cdc
INSERT INTO p VALUES (100, 1); UPDATE p1 SET id = 200 WHERE id = 2; DELETE FROM p1 WHERE id = 3;
