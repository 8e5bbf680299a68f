-- Tables of which a column holds values of one of the composite types $1 (schemas), $2 (names), a table's row type among them, however deep inside of arrays, domains, ranges and
-- other composite types.
WITH RECURSIVE holding (type) AS (
    SELECT t.oid
      FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
      JOIN pg_catalog.pg_type t ON t.typnamespace = n.oid AND t.typname = wanted.name AND t.typrelid <> 0
     UNION
    SELECT outer_type.oid
      FROM holding h
     CROSS JOIN LATERAL (SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typelem = h.type OR t.typbasetype = h.type
                         UNION ALL
                         SELECT unnest(ARRAY[r.rngtypid, (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid]) FROM pg_catalog.pg_range r WHERE r.rngsubtype = h.type
                         UNION ALL
                         SELECT c.reltype FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
                          WHERE a.atttypid = h.type AND a.attnum > 0 AND NOT a.attisdropped AND c.reltype <> 0) outer_type
)
SELECT n.nspname::text, c.relname::text
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN holding h ON h.type = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
