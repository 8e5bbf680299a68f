-- title: unlogged tables and sequences, a foreign table, tables made logged and unlogged while following
-- expect: equal
-- @schema
CREATE UNLOGGED TABLE cache (id int PRIMARY KEY, v text); CREATE UNLOGGED TABLE bag (v text); CREATE UNLOGGED SEQUENCE u; CREATE TABLE t (id int PRIMARY KEY, v text);
CREATE UNLOGGED TABLE parts (id int, PRIMARY KEY (id)) PARTITION BY RANGE (id); CREATE UNLOGGED TABLE parts1 PARTITION OF parts FOR VALUES FROM (0) TO (100); CREATE TABLE parts2 PARTITION OF parts FOR VALUES FROM (100) TO (200);
CREATE UNLOGGED TABLE with_identity (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
CREATE UNLOGGED TABLE refers (id int REFERENCES cache);
-- @seed
INSERT INTO cache SELECT g, 'v' FROM generate_series(1, 90) g; INSERT INTO bag VALUES ('x'), ('x'); SELECT nextval('u') FROM generate_series(1, 7); INSERT INTO t VALUES (1, 'a'); INSERT INTO parts SELECT generate_series(50, 150); INSERT INTO with_identity (v) VALUES ('a'), ('b'); INSERT INTO refers VALUES (1), (50);
-- @cdc
INSERT INTO cache SELECT g, 'late' FROM generate_series(91, 102) g; UPDATE cache SET v = 'changed' WHERE id < 5; DELETE FROM cache WHERE id = 10; INSERT INTO bag VALUES ('y'); DELETE FROM bag WHERE v = 'x'; SELECT nextval('u'); INSERT INTO parts VALUES (1), (199); DELETE FROM parts WHERE id = 60; INSERT INTO with_identity (v) VALUES ('c'); DELETE FROM refers WHERE id = 1; INSERT INTO refers VALUES (102); INSERT INTO t VALUES (2, 'b');
