-- title: children that have a NOT NULL or key of their own over columns of their parents
-- expect: equal
-- tags: inheritance, schema
-- why: pg_dump 18 writes such a NOT NULL as a line among the columns, which only servers from 18 on understand; the child must keep it when it leaves its parent.
-- @schema
CREATE TABLE p (a int, "b c" text, d int DEFAULT 1); CREATE TABLE c (PRIMARY KEY (a)) INHERITS (p); CREATE TABLE both_of (own int NOT NULL CHECK (own > 0), PRIMARY KEY (a, "b c")) INHERITS (p); CREATE TABLE grandchild (UNIQUE (d)) INHERITS (c); ALTER TABLE grandchild ALTER d SET NOT NULL; ALTER TABLE grandchild REPLICA IDENTITY USING INDEX grandchild_d_key; ALTER TABLE ONLY p ADD PRIMARY KEY (a); CREATE UNLOGGED TABLE u (PRIMARY KEY (a)) INHERITS (p); CREATE TABLE checked (CHECK (d < 100), PRIMARY KEY (a)) INHERITS (p);
-- @seed
INSERT INTO c SELECT g, 'c' || g, g FROM generate_series(1, 20) g; INSERT INTO both_of SELECT g, 'b' || g, g, g FROM generate_series(1, 20) g; INSERT INTO grandchild SELECT 100 + g, NULL, g FROM generate_series(1, 20) g; INSERT INTO checked SELECT g, 'k', g FROM generate_series(1, 20) g; INSERT INTO u VALUES (1, 'u', 1);
-- @cdc
UPDATE p SET d = d + 1000 WHERE a > 100; DELETE FROM p WHERE a = 3;
UPDATE both_of SET "b c" = 'new' WHERE a = 4;
INSERT INTO c VALUES (50, NULL, 7);
