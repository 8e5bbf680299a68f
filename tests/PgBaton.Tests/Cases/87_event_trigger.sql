-- title: event triggers and publications of the user, rules that act on everything
-- expect plain owner: refused: PB1056
-- expect: equal
-- @schema
CREATE TABLE ddl_log (tag text); CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.ddl_log VALUES (tg_tag); END $$; CREATE EVENT TRIGGER noting ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION note();
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE copy_of (id int, v text); CREATE RULE also AS ON INSERT TO t DO ALSO INSERT INTO copy_of VALUES (NEW.*); CREATE RULE never AS ON DELETE TO t WHERE OLD.id < 0 DO INSTEAD NOTHING;
ALTER EVENT TRIGGER noting ENABLE ALWAYS;
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(-5, 5) g; 
-- @cdc
INSERT INTO t VALUES (100, 'x'); DELETE FROM t WHERE id IN (-1, 1); UPDATE t SET v = 'u' WHERE id = 2;
