-- title: a table and its replacement of the same shape exchange their names while following
-- expect: drift: PB0509
-- @schema
CREATE TABLE live (id int PRIMARY KEY, v text); CREATE TABLE next (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO live SELECT g, 'live' FROM generate_series(1, 20) g; INSERT INTO next SELECT g, 'next' FROM generate_series(1, 20) g;
-- @cdc
BEGIN; ALTER TABLE live RENAME TO old; ALTER TABLE next RENAME TO live; ALTER TABLE old RENAME TO next; ALTER INDEX live_pkey RENAME TO x; ALTER INDEX next_pkey RENAME TO live_pkey; ALTER INDEX x RENAME TO next_pkey; COMMIT; UPDATE live SET v = 'new live' WHERE id = 1; DELETE FROM next WHERE id = 2;
