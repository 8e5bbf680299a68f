-- title: sequences altered in place while following: step, bounds, cycle, restart backwards
-- expect: equal
-- @schema
CREATE SEQUENCE s; CREATE SEQUENCE c MAXVALUE 5 CYCLE; CREATE SEQUENCE d AS smallint; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b bigserial);
-- @seed
INSERT INTO t SELECT FROM generate_series(1, 10); SELECT nextval('s'), nextval('c'), nextval('d');
-- @cdc
ALTER SEQUENCE s INCREMENT -5 MINVALUE -100 MAXVALUE 1000 START 1000 RESTART 990 CACHE 10; ALTER SEQUENCE c NO CYCLE; ALTER SEQUENCE d AS bigint MAXVALUE 5000000000; SELECT setval('d', 4000000000); ALTER TABLE t ALTER id RESTART WITH 7000; ALTER TABLE t ALTER id SET INCREMENT 3; SELECT nextval('s'), nextval('c'); SELECT setval('t_b_seq', 3, false);
