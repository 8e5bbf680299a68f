-- title: somebody drops our publication, and the application goes on
-- expect: drift: PB0527
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
INSERT INTO t VALUES (100, 'published'); DO $$ DECLARE p text; BEGIN FOR p IN SELECT pubname FROM pg_publication_tables WHERE tablename = 't' LOOP EXECUTE format('DROP PUBLICATION %I', p); END LOOP; END $$; INSERT INTO t VALUES (101, 'not published'); UPDATE t SET v = 'nor this' WHERE id = 1;
