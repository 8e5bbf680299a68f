-- title: checks whose operator's function and whose cast's function read another table, copied later
-- expect: equal
-- @schema
CREATE TABLE zlimits (k text PRIMARY KEY, n int); CREATE FUNCTION under(int, text) RETURNS bool LANGUAGE sql STABLE AS 'SELECT $1 <= (SELECT n FROM public.zlimits WHERE k = $2)'; CREATE OPERATOR public.<<<~ (LEFTARG = int, RIGHTARG = text, FUNCTION = under); CREATE TABLE a (id int PRIMARY KEY, n int CHECK (coalesce(n OPERATOR(public.<<<~) 'max', false)));
CREATE TYPE wrap AS (n int); CREATE FUNCTION to_bool(wrap) RETURNS bool LANGUAGE sql STABLE AS 'SELECT coalesce(($1).n <= (SELECT n FROM public.zlimits LIMIT 1), false)'; CREATE CAST (wrap AS bool) WITH FUNCTION to_bool(wrap); CREATE TABLE b (id int PRIMARY KEY, w wrap CHECK (w::bool)); CREATE DOMAIN small AS int CHECK (coalesce(VALUE OPERATOR(public.<<<~) 'max', false)); CREATE TABLE c (id int PRIMARY KEY, s small);
-- @seed
INSERT INTO zlimits VALUES ('max', 100); INSERT INTO a SELECT g, g FROM generate_series(1, 50) g; INSERT INTO b SELECT g, ROW(g)::wrap FROM generate_series(1, 50) g; INSERT INTO c SELECT g, g FROM generate_series(1, 50) g;
-- @cdc
UPDATE a SET n = 5 WHERE id = 1; UPDATE b SET w = ROW(6) WHERE id = 1; UPDATE c SET s = 7 WHERE id = 1; INSERT INTO c SELECT g, 1 FROM generate_series(100, 700) g;
