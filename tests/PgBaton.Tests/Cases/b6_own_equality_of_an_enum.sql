-- title: an enum with a weaker = of another class: two rows in one set get each other's values
-- expect: equal
-- expect plain owner: refused: PB1056
-- @schema
CREATE TYPE e AS ENUM ('a','A','b'); CREATE FUNCTION elt(e, e) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT lower($1::text) < lower($2::text)'; CREATE FUNCTION ele(e, e) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT lower($1::text) <= lower($2::text)'; CREATE FUNCTION eeq(e, e) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT lower($1::text) = lower($2::text)'; CREATE FUNCTION ege(e, e) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT lower($1::text) >= lower($2::text)'; CREATE FUNCTION egt(e, e) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT lower($1::text) > lower($2::text)'; CREATE FUNCTION ecmp(e, e) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN lower($1::text) < lower($2::text) THEN -1 WHEN lower($1::text) = lower($2::text) THEN 0 ELSE 1 END';
CREATE TABLE t (k e PRIMARY KEY, v int); CREATE OPERATOR public.< (LEFTARG = e, RIGHTARG = e, FUNCTION = elt); CREATE OPERATOR public.<= (LEFTARG = e, RIGHTARG = e, FUNCTION = ele); CREATE OPERATOR public.= (LEFTARG = e, RIGHTARG = e, FUNCTION = eeq, COMMUTATOR = OPERATOR(public.=)); CREATE OPERATOR public.>= (LEFTARG = e, RIGHTARG = e, FUNCTION = ege); CREATE OPERATOR public.> (LEFTARG = e, RIGHTARG = e, FUNCTION = egt);
CREATE OPERATOR CLASS e_ci FOR TYPE e USING btree AS OPERATOR 1 public.<, OPERATOR 2 public.<=, OPERATOR 3 public.=, OPERATOR 4 public.>=, OPERATOR 5 public.>, FUNCTION 1 ecmp(e, e);
-- @seed
INSERT INTO t VALUES ('a', 1), ('A', 2), ('b', 3);
-- @cdc
UPDATE t SET v = v + 10 WHERE v IN (1, 2);
