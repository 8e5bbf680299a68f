-- title: row level security, forced on the owner too, with policies that hide everything
-- expect: equal
-- @schema
CREATE TABLE secret (id int PRIMARY KEY, owner name DEFAULT current_user, v text);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY; ALTER TABLE secret FORCE ROW LEVEL SECURITY;
CREATE POLICY nobody ON secret USING (false) WITH CHECK (false);
CREATE TABLE mine (id int PRIMARY KEY, v text); ALTER TABLE mine ENABLE ROW LEVEL SECURITY; CREATE POLICY "some" ON mine AS RESTRICTIVE FOR SELECT USING (v <> 'hidden');
CREATE TABLE part (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1); CREATE TABLE part2 PARTITION OF part DEFAULT;
ALTER TABLE part ENABLE ROW LEVEL SECURITY; ALTER TABLE part FORCE ROW LEVEL SECURITY; ALTER TABLE part2 ENABLE ROW LEVEL SECURITY; ALTER TABLE part2 FORCE ROW LEVEL SECURITY; CREATE POLICY nothing ON part2 USING (false);
-- @seed
INSERT INTO secret SELECT g, 'x', 'v' || g FROM generate_series(1, 50) g; INSERT INTO mine VALUES (1, 'hidden'), (2, 'seen'); INSERT INTO part SELECT g, g % 3 FROM generate_series(1, 30) g;
-- @cdc
UPDATE secret SET v = 'changed' WHERE id < 10; DELETE FROM secret WHERE id = 20; INSERT INTO secret VALUES (100);
UPDATE mine SET v = 'hidden' WHERE id = 2; INSERT INTO mine VALUES (3, 'hidden'); UPDATE part SET k = 7 WHERE k = 1 AND id < 10; DELETE FROM part WHERE id = 30;
