-- title: a table without columns, one of generated columns only, one of 1600 columns
-- expect: equal
-- @schema
CREATE TABLE zero (); CREATE TABLE only_generated (g int GENERATED ALWAYS AS (42) STORED);
CREATE TABLE was_one (gone int); ALTER TABLE was_one DROP COLUMN gone;
ALTER TABLE zero REPLICA IDENTITY FULL; ALTER TABLE only_generated REPLICA IDENTITY FULL;
DO $$ BEGIN EXECUTE (SELECT 'CREATE TABLE wide (id int PRIMARY KEY, ' || string_agg('c' || g || ' int', ', ') || ')' FROM generate_series(1, 1599) g); END $$;
-- @seed
INSERT INTO zero SELECT FROM generate_series(1, 10); INSERT INTO only_generated SELECT FROM generate_series(1, 3); INSERT INTO was_one SELECT FROM generate_series(1, 4);
INSERT INTO wide (id, c1, c1599) SELECT g, g, -g FROM generate_series(1, 20) g;
-- @cdc
INSERT INTO zero DEFAULT VALUES; INSERT INTO zero DEFAULT VALUES; DELETE FROM zero WHERE ctid = (SELECT min(ctid) FROM zero); INSERT INTO only_generated DEFAULT VALUES; DELETE FROM only_generated WHERE ctid = (SELECT min(ctid) FROM only_generated);
INSERT INTO was_one DEFAULT VALUES;
UPDATE wide SET c800 = id, c1 = NULL WHERE id < 10; DELETE FROM wide WHERE id = 20; INSERT INTO wide (id, c1598) VALUES (100, 1); UPDATE wide SET id = 101 WHERE id = 100;
