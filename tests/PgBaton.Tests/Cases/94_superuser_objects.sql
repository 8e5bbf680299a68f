-- title: what only a superuser may make: a leakproof function, a base type, a cast without function, an operator class
-- expect plain owner: refused: PB1056
-- expect: equal
-- @schema
CREATE FUNCTION tight(int) RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT $1'; CREATE TYPE kelvin; CREATE FUNCTION kelvin_in(cstring) RETURNS kelvin LANGUAGE internal IMMUTABLE STRICT AS 'float8in'; CREATE FUNCTION kelvin_out(kelvin) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'float8out';
CREATE TYPE kelvin (INPUT = kelvin_in, OUTPUT = kelvin_out, LIKE = float8); CREATE CAST (kelvin AS float8) WITHOUT FUNCTION; CREATE TABLE t (id int PRIMARY KEY, k kelvin); CREATE TABLE no_key (k kelvin, v int); 
-- @seed
INSERT INTO t VALUES (1, '273.15'), (2, '-0'), (3, 'NaN'); INSERT INTO no_key VALUES ('1', 1), ('1', 1), (NULL, 2);
-- @cdc
UPDATE t SET k = '0.1' WHERE id = 1; UPDATE no_key SET v = 3 WHERE ctid = (SELECT min(ctid) FROM no_key); DELETE FROM no_key WHERE k IS NULL; INSERT INTO t VALUES (4, '1e300');
