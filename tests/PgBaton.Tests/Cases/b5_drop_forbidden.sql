-- title: an event trigger that forbids to drop triggers and schemas
-- expect plain owner: refused: PB1056
-- expect: refused: PB1038
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE '% is not allowed here', tg_tag USING ERRCODE = '42501'; END $$;
-- @seed
INSERT INTO t VALUES (1, 'v'); CREATE EVENT TRIGGER forbid ON ddl_command_start WHEN TAG IN ('DROP TRIGGER', 'DROP SCHEMA') EXECUTE FUNCTION forbid();
-- @cdc
UPDATE t SET v = 'w';
