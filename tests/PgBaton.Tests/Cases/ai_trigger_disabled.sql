-- title: only the state of a trigger changes while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER f BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
ALTER TABLE t DISABLE TRIGGER f; INSERT INTO t VALUES (100, 'x');
