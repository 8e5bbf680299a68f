-- title: a trigger of a partitioned table that is disabled on one leaf only, for a role that holds triggers back; and one that always fires, for any role
-- expect: equal
-- @schema
CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER origin BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE p1 DISABLE TRIGGER origin; CREATE TRIGGER always BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE p ENABLE ALWAYS TRIGGER always; ALTER TABLE p1 DISABLE TRIGGER always;
-- @seed
INSERT INTO p SELECT generate_series(1, 19), 'v';
-- @cdc
INSERT INTO p VALUES (0, 'x');
