-- title: ranges, multiranges, a range type of one's own, exclusion constraints whose values are swapped
-- expect: equal
-- @schema
CREATE SCHEMA r;
CREATE FUNCTION r.float_diff(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
CREATE TYPE r.floatrange AS RANGE (subtype = float8, subtype_diff = r.float_diff, multirange_type_name = r.floats);
CREATE TYPE r.textrange AS RANGE (subtype = text, collation = "C");
CREATE TABLE r.t (id int PRIMARY KEY, i int4range, n numrange, s tstzrange, f r.floatrange, fm r.floats, x r.textrange, m int4multirange, dm datemultirange);
CREATE EXTENSION btree_gist WITH SCHEMA public;
CREATE TABLE r.booking (id int PRIMARY KEY, room int, during tsrange, EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE TABLE r.later (id int PRIMARY KEY, during int4range, EXCLUDE USING gist (during WITH &&) DEFERRABLE INITIALLY DEFERRED);
-- @seed
INSERT INTO r.t VALUES (1, 'empty', '[1.0,1.00]', '(,)', '[-0,0]', '{[1,2),[3,4)}', '["a","b,c")', '{}', '{[2024-01-01,2024-02-01),[2025-01-01,)}'),
 (2, '(,5]', '(infinity,]', '[-infinity,infinity]', 'empty', '{}', '(,"")', '{(,1),[5,7)}', '{(,)}'), (3, NULL, 'empty', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO r.booking VALUES (1, 1, '[2024-01-01,2024-01-02)'), (2, 1, '[2024-01-02,2024-01-03)'), (3, 2, '[2024-01-01,2024-01-05)');
INSERT INTO r.later VALUES (1, '[1,10)'), (2, '[10,20)');
-- @cdc
UPDATE r.t SET i = '[1,10]', f = '(1e308,]', m = m + '{[100,200)}' WHERE id IN (1, 3);
BEGIN; DELETE FROM r.booking WHERE id = 1; UPDATE r.booking SET during = '[2024-01-01,2024-01-02)' WHERE id = 2; INSERT INTO r.booking VALUES (1, 1, '[2024-01-02,2024-01-03)'); COMMIT;
BEGIN; UPDATE r.later SET during = '[10,20)' WHERE id = 1; UPDATE r.later SET during = '[1,10)' WHERE id = 2; COMMIT;
UPDATE r.booking SET room = 3 WHERE id = 3;
INSERT INTO r.t (id, i) SELECT 10 + g, int4range(g, g * 2) FROM generate_series(1, 30) g;
DELETE FROM r.t WHERE id = 2;
