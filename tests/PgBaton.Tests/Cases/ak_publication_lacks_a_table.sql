-- title: somebody takes a table out of our publication, writes to it, and puts it back
-- expect: drift: PB0527
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE other (id int PRIMARY KEY);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
INSERT INTO t VALUES (100, 'published'); DO $$ DECLARE p text; BEGIN FOR p IN SELECT pubname FROM pg_publication_tables WHERE tablename = 't' LOOP EXECUTE format('ALTER PUBLICATION %I DROP TABLE t', p); END LOOP; END $$; INSERT INTO t VALUES (101, 'not published'); UPDATE t SET v = 'nor this' WHERE id = 1; INSERT INTO other VALUES (1); DO $$ DECLARE p text; BEGIN FOR p IN SELECT pubname FROM pg_publication_tables WHERE tablename = 'other' LOOP EXECUTE format('ALTER PUBLICATION %I ADD TABLE t', p); END LOOP; END $$; INSERT INTO t VALUES (102, 'published again');
