-- title: DDL that is taken back at once: column added and dropped, index made and dropped, table renamed there and back
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE u (id int PRIMARY KEY);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 9) g;
-- @cdc
CREATE INDEX x ON t (v); DROP INDEX x; ALTER TABLE u RENAME TO w; INSERT INTO w VALUES (1); ALTER TABLE w RENAME TO u; INSERT INTO u VALUES (2); BEGIN; ALTER TABLE t ADD COLUMN z int; INSERT INTO t VALUES (50, 'z', 1); ROLLBACK; INSERT INTO t VALUES (51, 'a');
