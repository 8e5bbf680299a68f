-- title: every session of the source's database takes on a role that may do nothing
-- expect: refused: PB1040
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET role = ''pg_monitor''', current_database()); END $$;
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
SET ROLE NONE; UPDATE t SET v = 'w' WHERE id < 5;
