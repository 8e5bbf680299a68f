-- title: the source subscribes to another server
-- expect: refused: PB1031
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE SUBSCRIPTION theirs CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false, slot_name = 'none_such'); ALTER SUBSCRIPTION theirs ENABLE;
-- @seed
INSERT INTO t VALUES (1, 'v');
-- @cdc
UPDATE t SET v = 'w';
