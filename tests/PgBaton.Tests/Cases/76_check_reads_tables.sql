-- title: checks and domains whose functions read other tables
-- expect: equal
-- @schema
CREATE SCHEMA s; CREATE TABLE s.allowed (code text PRIMARY KEY);
CREATE FUNCTION s.is_allowed(c text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN EXISTS (SELECT FROM s.allowed WHERE code = c); END $$;
CREATE TABLE s.a_first (id int PRIMARY KEY, code text CONSTRAINT known CHECK (s.is_allowed(code)));
COMMENT ON CONSTRAINT known ON s.a_first IS 'it''s looked up';
CREATE DOMAIN s.allowed_code AS text CONSTRAINT known CHECK (s.is_allowed(VALUE)); COMMENT ON CONSTRAINT known ON DOMAIN s.allowed_code IS 'too';
CREATE TABLE s.by_domain (id int PRIMARY KEY, code s.allowed_code);
CREATE TABLE s.parts (id int, code text, PRIMARY KEY (id), CONSTRAINT known CHECK (s.is_allowed(code))) PARTITION BY RANGE (id);
CREATE TABLE s.parts1 PARTITION OF s.parts DEFAULT;
-- @seed
INSERT INTO s.allowed VALUES ('a'), ('b');
INSERT INTO s.a_first VALUES (1, 'a'), (2, 'b'); INSERT INTO s.by_domain VALUES (1, 'a'), (2, 'b'); INSERT INTO s.parts VALUES (1, 'a'), (2, 'b');
-- @cdc
INSERT INTO s.allowed VALUES ('c'); INSERT INTO s.a_first VALUES (4, 'c'); INSERT INTO s.by_domain VALUES (4, 'c'); INSERT INTO s.parts VALUES (4, 'c');
DELETE FROM s.a_first WHERE id = 1; UPDATE s.by_domain SET code = 'b' WHERE id = 1;
