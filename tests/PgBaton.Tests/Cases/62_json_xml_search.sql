-- title: json kept to the letter, jsonb with scale, xml, search vectors and queries, paths
-- expect: equal
-- @schema
CREATE TABLE docs (id int PRIMARY KEY, j json, b jsonb, x xml, v tsvector, q tsquery, p jsonpath);
CREATE TABLE no_equality (j json, x xml, p point, q tsquery);
ALTER TABLE no_equality REPLICA IDENTITY FULL;
-- @seed
INSERT INTO docs VALUES
 (1, '{"a": 1, "a":  2 ,"b":[1e400, "\u0000"]}', '{"n": 1.0, "m": 1.00, "big": 123456789012345678901234567890.1234567890}', '<?xml version="1.0" encoding="UTF-8"?><a b="c"/>',
  $$'a b':1A,2B 'c''d':3 'e\f':4$$, $$'a b' & !'c' <-> 'd':*AB$$, '$.a[*] ? (@.b like_regex "^x" flag "i")'),
 (2, '  null  ', 'null', 'plain text <b>and</b> more', '', '', '$'), (3, '""', '"\ud83d\ude00"', NULL, NULL, NULL, NULL), (4, NULL, '{}', xmlparse(content ''), to_tsvector('simple', 'the quick brown fox'), 'fox', 'strict $.a.b');
INSERT INTO no_equality VALUES ('{"a":1}', '<a/>', '(1,2)', 'a&b'), ('{"a":1}', '<a/>', '(1,2)', 'a&b'), ('{"a": 1}', '<a/>', '(1,2)', 'a&b'), (NULL, NULL, NULL, NULL);
-- @cdc
UPDATE docs SET j = '[1,  2,   3]', b = b || '{"n": 1.000}' WHERE id = 1;
UPDATE docs SET x = xmlparse(content '<c> &lt; ä </c>'), v = setweight(v, 'D') WHERE id = 4;
INSERT INTO docs SELECT 10 + g, ('{"g":' || g || ' }')::json, to_jsonb(g::numeric / 3), NULL, to_tsvector('english', repeat('word' || g || ' ', g)) FROM generate_series(1, 50) g;
UPDATE no_equality SET p = '(3,4)' WHERE ctid = (SELECT min(ctid) FROM no_equality WHERE j::text = '{"a":1}');
DELETE FROM no_equality WHERE j::text = '{"a": 1}';
DELETE FROM no_equality WHERE j IS NULL;
DELETE FROM docs WHERE id = 2;
