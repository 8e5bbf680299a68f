-- title: settings of the database that are lists, quoted, empty, of another language, and of the role in this database
-- expect: equal
-- @schema
CREATE SCHEMA "Odd, ""Name"; CREATE TABLE "Odd, ""Name".t (id int PRIMARY KEY, v text, f float8, d date);
DO $$ DECLARE s text; BEGIN FOREACH s IN ARRAY ARRAY['search_path = "$user", "Odd, ""Name", public', 'DateStyle = ''German, YMD''', 'TimeZone = ''<+03>-3''', 'work_mem = ''17MB''', 'random_page_cost = 1.1', 'default_text_search_config = ''pg_catalog.german''', 'lc_time = ''C''', 'vacuum_cost_delay = ''2ms''', 'application_name = ''the app''', 'default_tablespace = ''''', 'default_table_access_method = heap', 'constraint_exclusion = on', 'gin_fuzzy_search_limit = 7']
 LOOP EXECUTE format('ALTER DATABASE %I SET %s', current_database(), s); END LOOP;
 FOREACH s IN ARRAY ARRAY['extra_float_digits = -9', 'DateStyle = ''SQL, DMY''', 'IntervalStyle = iso_8601', 'bytea_output = escape', 'search_path = ''''', 'statement_timeout = 2500', 'default_transaction_isolation = serializable', 'default_transaction_read_only = on', 'xmloption = document', 'TimeZone = ''Asia/Kathmandu''', 'enable_indexscan = off', 'lock_timeout = 900']
 LOOP EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET %s', current_database(), s); END LOOP; END $$;
-- @seed
INSERT INTO "Odd, ""Name".t SELECT g, 'v', g / 7.0, date '2003-02-01' + g FROM generate_series(1, 50) g;
-- @cdc
SET default_transaction_read_only = off; UPDATE "Odd, ""Name".t SET f = f * 3, d = '04/05/2006' WHERE id < 20; DELETE FROM "Odd, ""Name".t WHERE id = 30; INSERT INTO "Odd, ""Name".t VALUES (100, 'x', 1 / 3.0, '01.02.2003');
