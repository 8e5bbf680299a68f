-- title: settings of the database made, changed and taken back while following
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''11MB''', current_database()); EXECUTE format('ALTER DATABASE %I SET enable_seqscan = ''off''', current_database()); END $$;
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''12MB''', current_database()); EXECUTE format('ALTER DATABASE %I SET random_page_cost = ''2''', current_database()); EXECUTE format('ALTER DATABASE %I RESET enable_seqscan', current_database()); END $$; INSERT INTO t VALUES (100, 'x');
