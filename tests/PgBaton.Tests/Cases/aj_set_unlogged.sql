-- title: a table becomes unlogged while following, for which it has to leave the publication: what is written from then on is in no WAL
-- expect: drift: PB0527
-- @schema
CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE other (id int PRIMARY KEY);
-- @seed
INSERT INTO t SELECT g, 'v' FROM generate_series(1, 20) g;
-- @cdc
INSERT INTO t VALUES (100, 'still logged'); DO $$ DECLARE p text; BEGIN FOR p IN SELECT pubname FROM pg_publication_tables WHERE tablename = 't' LOOP EXECUTE format('ALTER PUBLICATION %I DROP TABLE t', p); END LOOP; END $$; ALTER TABLE t SET UNLOGGED; INSERT INTO t VALUES (101, 'unlogged'); INSERT INTO other VALUES (1);
