-- How many values of each of the types $1 (oids) are sent as one array, for those of which it can be: the array's type, what separates its elements,
-- and, where the elements have to be sent as texts, the type that each is then cast to. unnest would take an array of arrays apart altogether, and
-- make columns of an array of composite values. (Types are named with a modifier of -1: "character" alone would mean one character.) A cast cuts what is too long without a word: of domains over such types nothing is said here.
WITH RECURSIVE base (oid, type) AS (
    SELECT t.oid, t.oid FROM pg_catalog.pg_type t WHERE t.oid = ANY ($1::oid[])
    UNION ALL
    SELECT b.oid, d.typbasetype FROM base b JOIN pg_catalog.pg_type d ON d.oid = b.type AND d.typtype = 'd'
)
SELECT t.oid,
       CASE WHEN n.needs_text THEN 'text[]' ELSE pg_catalog.format_type(t.typarray, -1) END,
       CASE WHEN n.needs_text THEN ',' ELSE t.typdelim::text END,
       CASE WHEN n.needs_text THEN pg_catalog.format_type(t.oid, -1) END
  FROM base b
  JOIN pg_catalog.pg_type t ON t.oid = b.oid
  JOIN pg_catalog.pg_type p ON p.oid = b.type AND p.typtype <> 'd',
       LATERAL (SELECT p.typcategory = 'A' OR p.typtype = 'c' AS needs_text) n
 WHERE (n.needs_text OR t.typarray <> 0)
   AND NOT (n.needs_text AND t.typtype = 'd')
   -- somebody's own idea of what the text means
   AND NOT (n.needs_text AND EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = 'pg_catalog.text'::regtype AND c.casttarget = t.oid))
