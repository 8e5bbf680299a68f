-- title: inheritance: the same key in parent and child, merged columns, ONLY, children added before
-- expect: equal
-- @schema
CREATE TABLE p (id int PRIMARY KEY, v text, CHECK (id > 0) NO INHERIT);
CREATE TABLE c1 (extra int, PRIMARY KEY (id)) INHERITS (p);
CREATE TABLE m (v text, mine numeric); CREATE TABLE c2 (own text DEFAULT 'o', PRIMARY KEY (id)) INHERITS (p, m);
CREATE TABLE c11 (PRIMARY KEY (id)) INHERITS (c1); ALTER TABLE c11 ALTER v SET DEFAULT 'grandchild';
CREATE TABLE lone (own int, id int, v text); ALTER TABLE lone ADD PRIMARY KEY (id); ALTER TABLE p ALTER id SET NOT NULL; ALTER TABLE lone INHERIT p;
-- @seed
INSERT INTO p SELECT g, 'p' FROM generate_series(1, 10) g; INSERT INTO c1 SELECT g, 'c1', g FROM generate_series(1, 10) g;
INSERT INTO c2 (id, v, mine) SELECT g, 'c2', g / 3.0 FROM generate_series(1, 10) g; INSERT INTO c11 (id) SELECT g FROM generate_series(-3, 10) g; INSERT INTO lone SELECT g, g, 'l' FROM generate_series(1, 5) g;
INSERT INTO m VALUES ('m', 1), ('m', 1);
-- @cdc
UPDATE p SET v = v || '!' WHERE id = 1; UPDATE ONLY p SET v = 'only' WHERE id = 2; DELETE FROM p WHERE id = 3; DELETE FROM ONLY c1 WHERE id = 4; UPDATE c1 SET id = id + 100 WHERE id = 5;
UPDATE m SET v = 'm2' WHERE ctid = (SELECT min(ctid) FROM ONLY m) AND tableoid = 'm'::regclass; DELETE FROM lone WHERE own = 1;
BEGIN; TRUNCATE ONLY c1; INSERT INTO c1 VALUES (1, 'again', 1); COMMIT;
TRUNCATE c1;
INSERT INTO c11 (id) VALUES (7);
