-- title: rows that sessions write as replicas do: with session_replication_role, with an origin, with triggers switched off
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t ON DELETE CASCADE); CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text); CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.log (what) VALUES (TG_OP); RETURN NULL; END $$; CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION note();
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g; INSERT INTO child SELECT g, g FROM generate_series(1, 20) g;
-- @cdc
SET session_replication_role = replica; UPDATE t SET v = 'as replica' WHERE id < 5; INSERT INTO t VALUES (100, 'as replica'); UPDATE child SET t = 3 WHERE id = 4; SET session_replication_role = local; UPDATE t SET v = 'as local' WHERE id = 6; RESET session_replication_role;
SELECT pg_replication_origin_create(current_database() || '_theirs'), pg_replication_origin_session_setup(current_database() || '_theirs'); BEGIN; SELECT pg_replication_origin_xact_setup('0/ABCDEF', '2020-01-01'); UPDATE t SET v = 'with origin' WHERE id = 7; DELETE FROM t WHERE id = 8; INSERT INTO child VALUES (200, 7); COMMIT; UPDATE t SET v = v || '!' WHERE id IN (7, 9); SELECT pg_replication_origin_session_reset(); SELECT pg_replication_origin_drop(current_database() || '_theirs');
UPDATE t SET v = 'without' WHERE id = 10; BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM child WHERE id = 12; DELETE FROM t WHERE id = 12; COMMIT;
