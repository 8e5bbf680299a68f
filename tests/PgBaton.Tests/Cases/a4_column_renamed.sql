-- title: two columns of one type change their names with each other while following: every row would fit, and be wrong
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, price int, cost int);
-- @seed
INSERT INTO t SELECT g, g, -g FROM generate_series(1, 20) g;
-- @cdc
BEGIN; ALTER TABLE t RENAME price TO x; ALTER TABLE t RENAME cost TO price; ALTER TABLE t RENAME x TO cost; COMMIT; INSERT INTO t (id, price, cost) VALUES (100, 1, 2);
