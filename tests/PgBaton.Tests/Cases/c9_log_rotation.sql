-- title: a log table rotated while following: renamed away, made anew under its name
-- expect: drift: PB0509
-- @schema
CREATE TABLE log (id int PRIMARY KEY, v text);
-- @seed
INSERT INTO log SELECT g, 'v' FROM generate_series(1, 9) g;
-- @cdc
BEGIN; ALTER TABLE log RENAME TO log_old; ALTER INDEX log_pkey RENAME TO log_old_pkey; CREATE TABLE log (id int PRIMARY KEY, v text); COMMIT; INSERT INTO log VALUES (1000, 'new'); INSERT INTO log_old VALUES (500, 'late');
