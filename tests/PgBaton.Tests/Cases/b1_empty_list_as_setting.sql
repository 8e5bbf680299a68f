-- title: the search_path of the database is set to nothing
-- expect: equal
-- @schema
CREATE TABLE public.t (id int PRIMARY KEY, v text); DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ''''', current_database()); EXECUTE format('ALTER DATABASE %I SET temp_tablespaces = ''''', current_database()); END $$;
-- @seed
INSERT INTO public.t VALUES (1, 'v');
-- @cdc
INSERT INTO public.t VALUES (2, 'w');
