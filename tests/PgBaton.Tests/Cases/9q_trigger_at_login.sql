-- @min 17
-- title: an event trigger that at every login sets another search_path, DateStyle, number of digits and role of replication
-- expect plain owner: refused: PB1056
-- expect: refused: PB1003
-- @schema
CREATE SCHEMA evil; CREATE FUNCTION evil.md5(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'evil' $$; CREATE FUNCTION evil.count_of(anyelement) RETURNS int LANGUAGE sql AS 'SELECT 0'; CREATE TABLE public.t (id int PRIMARY KEY, f float8, d date, b bytea, i interval); CREATE TABLE public.bag (f float8, d date); CREATE FUNCTION public.at_login() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('search_path', 'evil, pg_catalog', false), set_config('DateStyle', 'SQL, DMY', false), set_config('extra_float_digits', '-9', false), set_config('bytea_output', 'escape', false), set_config('IntervalStyle', 'sql_standard', false), set_config('quote_all_identifiers', 'on', false), set_config('TimeZone', 'Asia/Kathmandu', false), set_config('statement_timeout', '3s', false), set_config('default_transaction_isolation', 'serializable', false), set_config('row_security', 'on', false); END $$;
CREATE EVENT TRIGGER at_login ON login EXECUTE FUNCTION public.at_login(); ALTER EVENT TRIGGER at_login ENABLE ALWAYS;
-- @seed
INSERT INTO public.t SELECT g, g / 7.0, date '2003-02-01' + g, '\x005c', interval '1 mon -1 day' * g FROM generate_series(1, 20) g; INSERT INTO public.bag VALUES (1 / 3.0, '2003-02-01'), (1 / 3.0 + 1e-15, '2003-01-02');
-- @cdc
UPDATE public.t SET f = f * 3, d = '04/05/2006' WHERE id < 5; DELETE FROM public.t WHERE id = 9; UPDATE public.bag SET d = '2004-03-04' WHERE f = 1 / 3.0; INSERT INTO public.t VALUES (100, 0.1 + 0.2, '01/02/2003', '\xff', '-1 mon');
