-- @min 18
-- title: constraints of 18: not enforced, named NOT NULL, virtual generated columns
-- expect: equal
-- @schema
CREATE TABLE t (id int PRIMARY KEY, a int CONSTRAINT a_there NOT NULL, b int, c int GENERATED ALWAYS AS (a * 2) VIRTUAL, d int GENERATED ALWAYS AS (a * 3) STORED, CONSTRAINT never CHECK (b > 0) NOT ENFORCED);
CREATE TABLE r (id int PRIMARY KEY, t int REFERENCES t NOT ENFORCED); CREATE TABLE n (id int PRIMARY KEY, v text); CREATE TABLE child (CONSTRAINT own_name NOT NULL v) INHERITS (n); ALTER TABLE child ADD PRIMARY KEY (id); ALTER TABLE child REPLICA IDENTITY DEFAULT;
-- @seed
INSERT INTO t (id, a, b) SELECT g, g, -g FROM generate_series(1, 20) g; INSERT INTO r VALUES (1, 999); INSERT INTO n VALUES (1, NULL); ALTER TABLE n ADD CONSTRAINT v_there NOT NULL v NOT VALID; INSERT INTO child VALUES (2, 'x');
-- @cdc
UPDATE t SET a = a + 1, b = -1 WHERE id < 5; DELETE FROM t WHERE id = 9; INSERT INTO t (id, a) VALUES (100, 1); INSERT INTO r VALUES (2, 12345); UPDATE r SET t = -1 WHERE id = 1; UPDATE n SET id = 11 WHERE id = 1 AND v IS NOT NULL; INSERT INTO n VALUES (3, 'z');
