-- @min 15
-- title: publications of the user of every kind: all tables, all of a schema, the root of partitions, some operations only
-- expect: equal
-- @schema
CREATE SCHEMA s; CREATE TABLE s.t (id int PRIMARY KEY, v text); CREATE TABLE s.log (v text); CREATE TABLE p (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT;
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate'); CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA s, public; CREATE PUBLICATION roots FOR TABLE p WHERE (id > 5) WITH (publish_via_partition_root); CREATE PUBLICATION "no""thing"; CREATE PUBLICATION leaf FOR TABLE ONLY p1 (id, k), s.t WHERE (v <> 'secret') WITH (publish = 'insert'); SELECT pg_create_logical_replication_slot(current_database() || '_theirs', 'pgoutput');
-- @seed
INSERT INTO s.t SELECT g, 'v' FROM generate_series(1, 20) g; INSERT INTO s.log SELECT 'l' FROM generate_series(1, 3); INSERT INTO p SELECT g, g % 3 FROM generate_series(1, 20) g;
-- @cdc
UPDATE s.t SET v = 'secret' WHERE id < 5; DELETE FROM s.t WHERE id = 9; INSERT INTO s.log VALUES ('m'); UPDATE p SET k = 1 WHERE k = 0; DELETE FROM p WHERE id = 20; TRUNCATE p2; INSERT INTO p VALUES (100, 2); ALTER PUBLICATION leaf DROP TABLE s.t; DROP PUBLICATION roots;
