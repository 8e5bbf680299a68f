-- title: foreign keys that cascade, set null and set defaults; cycles; a key that refers to itself; children moved with their parents
-- expect: equal
-- @schema
CREATE TABLE parent (id int PRIMARY KEY, self int REFERENCES parent ON DELETE CASCADE); CREATE TABLE cascades (id int PRIMARY KEY, p int REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE nulls (id int PRIMARY KEY, p int REFERENCES parent ON DELETE SET NULL ON UPDATE SET NULL, note text); CREATE TABLE defaults (id int PRIMARY KEY, p int DEFAULT 1 REFERENCES parent ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE pairs (a int, b int, c int, PRIMARY KEY (a, b)); CREATE TABLE set_some (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES pairs MATCH FULL ON DELETE SET NULL);
CREATE TABLE x (id int PRIMARY KEY, y int); CREATE TABLE y (id int PRIMARY KEY, x int REFERENCES x DEFERRABLE INITIALLY DEFERRED); ALTER TABLE x ADD FOREIGN KEY (y) REFERENCES y DEFERRABLE;
CREATE TABLE old_sins (id int PRIMARY KEY, p int); 
-- @seed
INSERT INTO parent VALUES (1, NULL), (2, 1), (3, 2), (4, NULL), (5, NULL); INSERT INTO cascades SELECT g, g % 5 + 1 FROM generate_series(1, 20) g; INSERT INTO nulls SELECT g, g % 5 + 1 FROM generate_series(1, 20) g; INSERT INTO defaults SELECT g, g % 5 + 1 FROM generate_series(1, 20) g;
INSERT INTO pairs VALUES (1, 1, 1), (2, 2, 2); INSERT INTO set_some VALUES (1, 1, 1), (2, 2, 2), (3, NULL, NULL); BEGIN; INSERT INTO y VALUES (1, 1); INSERT INTO x VALUES (1, 1); COMMIT; INSERT INTO old_sins VALUES (1, 999); ALTER TABLE old_sins ADD FOREIGN KEY (p) REFERENCES parent NOT VALID;
-- @cdc
DELETE FROM parent WHERE id = 5; UPDATE parent SET id = 40 WHERE id = 4; UPDATE nulls SET note = 'kept', p = 1 WHERE p IS NULL AND id < 10; DELETE FROM parent WHERE id = 3; DELETE FROM pairs WHERE a = 1;
BEGIN; DELETE FROM cascades; DELETE FROM defaults; UPDATE nulls SET p = NULL; DELETE FROM parent WHERE id = 1; INSERT INTO parent VALUES (1, NULL); INSERT INTO defaults VALUES (1); COMMIT;
BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO x VALUES (2, 2); INSERT INTO y VALUES (2, 2); UPDATE y SET x = 2; DELETE FROM x WHERE id = 1; COMMIT;
INSERT INTO old_sins VALUES (2, 1);
