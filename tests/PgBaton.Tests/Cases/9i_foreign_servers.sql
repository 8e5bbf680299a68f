-- title: foreign-data wrappers, servers, user mappings with secrets, foreign tables by themselves and as a partition
-- expect plain owner: refused: PB1056
-- expect: equal
-- @schema
CREATE FOREIGN DATA WRAPPER nowhere OPTIONS (debug 'it''s'); CREATE SERVER "the ""other" TYPE 't' VERSION '1.0' FOREIGN DATA WRAPPER nowhere OPTIONS (host 'h;x', port '1'); CREATE USER MAPPING FOR PUBLIC SERVER "the ""other" OPTIONS ("user" 'u', password 's3cret''');
CREATE FOREIGN TABLE away (id int OPTIONS (column_name 'Id') NOT NULL, v text COLLATE "C" DEFAULT 'x', g int GENERATED ALWAYS AS (id * 2) STORED, CHECK (id > 0)) SERVER "the ""other" OPTIONS (table_name 'T'); COMMENT ON FOREIGN TABLE away IS 'far'; CREATE VIEW over_it AS SELECT id, v FROM away;
CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE TABLE p (id int, k int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (id)) FOR VALUES IN (1); CREATE FOREIGN TABLE p2 PARTITION OF p FOR VALUES IN (2) SERVER files OPTIONS (filename '/dev/null'); CREATE TABLE parent (id int PRIMARY KEY, v text); CREATE FOREIGN TABLE child () INHERITS (parent) SERVER files OPTIONS (filename '/dev/null', format 'csv', header 'true'); CREATE TABLE t (id int PRIMARY KEY, a away);
-- @seed
INSERT INTO p SELECT g, 1 FROM generate_series(1, 20) g; INSERT INTO parent SELECT g, 'v' FROM generate_series(1, 20) g; INSERT INTO t VALUES (1, ROW(1, 'x', 2));
-- @cdc
INSERT INTO p VALUES (100, 1); UPDATE p1 SET id = 200 WHERE id = 2; DELETE FROM p1 WHERE id = 3; UPDATE ONLY parent SET v = 'w' WHERE id = 1; INSERT INTO parent VALUES (100, 'x'); UPDATE t SET a.v = 'y';
