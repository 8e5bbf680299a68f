-- title: arrays and composites of types without a binary form, of extensions, of enums and domains, in tables that are copied as text or binary
-- expect: equal
-- @schema
CREATE EXTENSION hstore WITH SCHEMA public; CREATE EXTENSION ltree WITH SCHEMA public; CREATE EXTENSION cube WITH SCHEMA public; CREATE EXTENSION intarray WITH SCHEMA public;
CREATE TYPE e AS ENUM ('b', 'a'); CREATE DOMAIN d AS e; CREATE DOMAIN dd AS d[]; CREATE TYPE c AS (e e, h public.hstore, r regclass, da dd); CREATE TYPE cc AS (c c, cs c[]);
CREATE TABLE t (id int PRIMARY KEY, e e[], h public.hstore[], l public.ltree, q public.lquery, k public.cube, c c, cs cc[], a aclitem[], o oidvector, i int2vector, dd dd); CREATE TABLE no_key (c c, h public.hstore, l public.ltree);
-- @seed
INSERT INTO t VALUES (1, '[0:1]={a,b}', ARRAY['a=>1,b=>NULL'::public.hstore], 'a.b.c', 'a.*{1,2}.b', '(1,2),(3,4)', ROW('a', 'x=>"y z"', 'pg_class', '{a}'), ARRAY[ROW(ROW('b', '', NULL, '{}'), NULL)::cc], NULL, '1 2 3', '4 5', '{b}'); INSERT INTO t (id, e) VALUES (2, NULL), (3, '{{a,b},{b,a}}');
INSERT INTO no_key VALUES (ROW('a', 'x=>1', NULL, NULL), 'b=>2,a=>1', 'x.y'), (ROW('a', 'x=>1', NULL, NULL), 'b=>2,a=>1', 'x.y'), (NULL, NULL, NULL);
-- @cdc
UPDATE t SET e = e || 'a'::e, c.h = 'k=>v', dd = '{a}' WHERE id = 1; UPDATE t SET cs[2] = ROW(NULL, NULL), o = '', l = 'z' WHERE id = 2; UPDATE no_key SET l = 'changed' WHERE ctid = (SELECT min(ctid) FROM no_key); DELETE FROM no_key WHERE h IS NULL; DELETE FROM t WHERE id = 3;
