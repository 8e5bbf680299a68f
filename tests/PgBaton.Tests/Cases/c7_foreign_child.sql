-- title: postgres_fdw and file_fdw with user mappings, foreign tables in views, inheritance and rules
-- expect: equal
-- expect plain owner: refused: PB1070
-- @schema
CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw; CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', dbname 'no where', port '1'); CREATE USER MAPPING FOR PUBLIC SERVER other OPTIONS (user 'u', password 'p''w'); CREATE FOREIGN TABLE ft (id int OPTIONS (column_name 'x y'), v text COLLATE "C" NOT NULL DEFAULT 'a', CHECK (id > 0)) SERVER other OPTIONS (schema_name 'a"b', table_name 't'); CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN TABLE pw (l text) SERVER files OPTIONS (filename '/etc/passwd', format 'text', delimiter E'\x01'); CREATE VIEW fv AS SELECT id FROM ft UNION ALL SELECT length(l) FROM pw; CREATE TABLE t (id int PRIMARY KEY, v text); CREATE FOREIGN TABLE tc (extra int) INHERITS (t) SERVER other; COMMENT ON SERVER other IS 'o'; COMMENT ON FOREIGN TABLE ft IS 'f'; CREATE FUNCTION ftr() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER ftt BEFORE INSERT ON ft FOR EACH ROW EXECUTE FUNCTION ftr();
-- @seed
INSERT INTO t VALUES (1, 'a');
-- @cdc
UPDATE ONLY t SET v = 'b'; INSERT INTO t VALUES (2, 'c');
