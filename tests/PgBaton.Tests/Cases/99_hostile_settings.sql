-- title: settings of the database that break careless sessions: read-only, serializable, time-outs, quoted identifiers, replica role, row security
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text, f float8, b bytea, x xml);
DO $$ DECLARE s text; BEGIN FOREACH s IN ARRAY ARRAY['default_transaction_isolation = serializable', 'quote_all_identifiers = on', 'statement_timeout = ''3s''', 'idle_in_transaction_session_timeout = ''2s''', 'lock_timeout = ''1s''', 'bytea_output = escape', 'xmloption = document', 'row_security = off', 'default_with_oids = off', 'standard_conforming_strings = off', 'escape_string_warning = off', 'default_transaction_deferrable = on', 'search_path = nowhere', 'check_function_bodies = off', 'enable_seqscan = off', 'backslash_quote = on', 'transform_null_equals = on', 'array_nulls = off', 'default_toast_compression = pglz', 'client_min_messages = error', 'idle_session_timeout = ''2s''']
 LOOP BEGIN EXECUTE format('ALTER DATABASE %I SET %s', current_database(), s); EXCEPTION WHEN undefined_object OR invalid_parameter_value THEN NULL; END; END LOOP; END $$;
-- @seed
CREATE TABLE public.nulls (id int PRIMARY KEY, a int[], w text[]); INSERT INTO public.nulls SELECT g, ARRAY[g, NULL], ARRAY[NULL, 'NULL', 'null'] FROM generate_series(1, 20) g;
INSERT INTO public.t SELECT g, 'a\b' || g, g / 3.0, '\x005c'::bytea, NULL FROM generate_series(1, 50) g;
-- @cdc
SET search_path = public; UPDATE nulls SET a = ARRAY[NULL, id] WHERE id < 5; UPDATE nulls SET w = ARRAY['nUll', NULL] WHERE id = 7; INSERT INTO nulls VALUES (100, ARRAY[NULL]::int[], ARRAY[NULL]::text[]); UPDATE t SET v = 'x\y', f = f * 3 WHERE id < 20; DELETE FROM t WHERE id = 30; INSERT INTO t VALUES (100, '\\', 1e-300, '\\x41', NULL);
