-- title: a schema renamed in the middle of a transaction, another made in its place
-- expect: drift: PB0509
-- @schema
CREATE SCHEMA s; CREATE TABLE s.t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO s.t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
BEGIN; INSERT INTO s.t VALUES (100, 'before'); ALTER SCHEMA s RENAME TO moved; INSERT INTO moved.t VALUES (101, 'after'); CREATE SCHEMA s; COMMIT; UPDATE moved.t SET v = 'w' WHERE id = 1;
