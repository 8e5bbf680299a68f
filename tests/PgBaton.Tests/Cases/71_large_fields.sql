-- title: fields of tens of megabytes, as text and as bytes, changed beside small ones
-- expect: equal
-- @schema
CREATE TABLE big (id int PRIMARY KEY, t text, b bytea, small int); ALTER TABLE big ALTER t SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL;
CREATE TABLE big_full (t text, n int); ALTER TABLE big_full REPLICA IDENTITY FULL;
-- @seed
INSERT INTO big SELECT g, repeat('x' || g, 5000000), decode(repeat('00ff0a', 4000000), 'hex'), g FROM generate_series(1, 3) g; INSERT INTO big_full VALUES (repeat('y', 3000000), 1), (repeat('y', 3000000), 2);
-- @cdc
UPDATE big SET small = -1 WHERE id = 1; UPDATE big SET id = 20 WHERE id = 2; UPDATE big SET t = repeat('new', 5000000) WHERE id = 3; INSERT INTO big VALUES (4, repeat('z', 20000000), NULL, 4);
UPDATE big_full SET n = 3 WHERE n = 1; DELETE FROM big_full WHERE n = 2;
