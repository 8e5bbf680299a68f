-- title: large objects of every size, holes, owners and numbers, written by pieces, cut short and replaced while following
-- expect: equal
-- @schema
CREATE TABLE docs (id int PRIMARY KEY, o oid);
-- @seed
INSERT INTO docs SELECT g, lo_from_bytea(0, decode(repeat(md5(g::text), g * 300), 'hex')) FROM generate_series(1, 6) g; SELECT lo_create(4294967295), lo_create(1000001), lo_from_bytea(1000002, '\x00'), lo_from_bytea(1000003, decode(repeat('ab', 2048), 'hex')), lo_from_bytea(1000004, decode(repeat('cd', 2049), 'hex')), lo_from_bytea(1000005, '\x01'); SELECT lo_put(1000005, 5000000, '\xff'); COMMENT ON LARGE OBJECT 1000001 IS E'it''s\nempty';
-- @cdc
SELECT lo_put(1000001, 10, '\x0a'); SELECT lo_put(4294967295, 0, '\xfe'); BEGIN; SELECT lo_truncate(lo_open(1000003, 131072), 7); COMMIT; BEGIN; SELECT lo_truncate64(lo_open(1000004, 131072), 100000); COMMIT; SELECT lo_unlink(1000002), lo_from_bytea(1000002, '\x0102'); SELECT lo_unlink(o) FROM docs WHERE id = 1; UPDATE docs SET o = lo_from_bytea(0, '\xbeef') WHERE id = 1; DELETE FROM docs WHERE id = 2; BEGIN; SELECT lo_unlink(o), lo_create(7777777) FROM docs WHERE id = 3; ROLLBACK; COMMENT ON LARGE OBJECT 1000004 IS 'now told of'; COMMENT ON LARGE OBJECT 1000001 IS NULL; SELECT lo_from_bytea(1, '\x11');
