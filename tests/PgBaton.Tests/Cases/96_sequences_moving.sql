-- title: sequences that are altered, made, dropped, owned anew and used by hand while following
-- expect: drift: PB0509
-- @schema
CREATE SEQUENCE s; CREATE SEQUENCE going; CREATE TABLE t (id serial PRIMARY KEY, v int DEFAULT nextval('s'));
-- @seed
INSERT INTO t SELECT FROM generate_series(1, 10);
-- @cdc
DROP SEQUENCE going; CREATE SEQUENCE coming; SELECT nextval('coming'); INSERT INTO t DEFAULT VALUES;
