-- title: a parent's key and NOT NULL that its children do not have: NULL in a child
-- expect: refused: PB1075
-- @schema
CREATE TABLE p (id int, v text); CREATE TABLE c () INHERITS (p); ALTER TABLE ONLY p ADD PRIMARY KEY (id); CREATE TABLE q (id int PRIMARY KEY, v text); CREATE TABLE d (x int, PRIMARY KEY (id)) INHERITS (q); ALTER TABLE ONLY q ALTER v SET NOT NULL;
-- @seed
INSERT INTO p VALUES (1, 'p'); INSERT INTO c VALUES (NULL, 'c'), (1, 'c'); INSERT INTO q VALUES (1, 'q'); INSERT INTO d VALUES (1, NULL, 1);
-- @cdc
INSERT INTO c VALUES (NULL, 'd'); UPDATE d SET x = 2;
