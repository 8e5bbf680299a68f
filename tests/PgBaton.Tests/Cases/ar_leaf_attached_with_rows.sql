-- title: a table of ours, full of rows, becomes a partition while following; rows move into it
-- expect: drift: PB0509
-- @schema
CREATE TABLE p (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE pd PARTITION OF p DEFAULT; CREATE TABLE lone (id int, k int, v text, PRIMARY KEY (id, k));
-- @seed
INSERT INTO p SELECT g, g % 2, 'v' FROM generate_series(1, 20) g; INSERT INTO lone SELECT g, 7, 'lone' FROM generate_series(1, 20) g;
-- @cdc
ALTER TABLE p ATTACH PARTITION lone FOR VALUES IN (7); UPDATE p SET k = 7, id = id + 500 WHERE k = 1; DELETE FROM p WHERE id = 3;
