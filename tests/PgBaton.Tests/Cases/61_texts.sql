-- title: text that looks like COPY's own signs, padded and empty strings, bytes of every value, "char" above 127
-- expect: equal
-- @schema
CREATE TABLE texts (id int PRIMARY KEY, t text, v varchar(20), c char(8), b bytea, n name, q "char", qs "char"[]);
CREATE TABLE padded (c char(8), b bpchar, t text);
ALTER TABLE padded REPLICA IDENTITY FULL;
CREATE TABLE char_keys ("char" "char" PRIMARY KEY, v int);
-- @seed
INSERT INTO texts VALUES
 (1, '', '', '', '', '', '', '{}'), (2, '\N', '\.', '\\', '\x00ff0a0d5c', '\N', 'a', '{a,b}'),
 (3, E'a\nb\rc\td\be\ff\vg', E'\\\n', E' \t', (SELECT string_agg(decode(lpad(to_hex(g), 2, '0'), 'hex'), '') FROM generate_series(0, 255) g), repeat('n', 63), 'z', NULL),
 (4, '"', '''', '{}', NULL, NULL, NULL, '{NULL,"\"",","}'), (5, U&'\+01F600\0301e', U&'\00e4', U&'\00e4\00e4', NULL, 'ä', 'x', NULL), (6, E'\\N\n\\.\n', NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO padded VALUES ('ab', 'ab', 'x'), ('ab', 'ab  ', 'x'), ('ab', 'ab  ', 'x'), ('', '', ''), (NULL, NULL, NULL);
INSERT INTO char_keys SELECT chr(g)::"char", g FROM generate_series(1, 127) g;
INSERT INTO char_keys SELECT (g - 256)::int::"char", g FROM generate_series(128, 255) g;
-- @cdc
UPDATE texts SET t = v, v = left(t, 20) WHERE id IN (2, 6);
UPDATE texts SET q = (-1)::int::"char", qs = ARRAY[(-128)::int::"char", 'a'] WHERE id = 3;
INSERT INTO texts SELECT 100 + g, repeat(chr(g), 3), NULL, chr(g), convert_to(chr(g), 'UTF8') FROM generate_series(1, 300) g;
UPDATE padded SET t = 'touched' WHERE b = 'ab' AND octet_length(b) = 2;
DELETE FROM padded WHERE ctid = (SELECT ctid FROM padded WHERE octet_length(b) = 4 LIMIT 1);
UPDATE char_keys SET v = -v WHERE v > 100;
DELETE FROM char_keys WHERE v IN (-200, -255, 65);
INSERT INTO char_keys VALUES ('', 0);
