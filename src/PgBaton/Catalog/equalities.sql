-- How values of the types $1 (oids) are told to be equal: the schema of the operator =, and the type it is made for, which a domain lets through and which a
-- value that comes as text must be cast to: there is no = for a domain over an enum and a text, nor for a composite type and one.
WITH RECURSIVE base (oid, type) AS (
    SELECT t.oid, t.oid FROM pg_catalog.pg_type t WHERE t.oid = ANY ($1::oid[])
    UNION ALL
    SELECT b.oid, d.typbasetype FROM base b JOIN pg_catalog.pg_type d ON d.oid = b.type AND d.typtype = 'd'
)
SELECT b.oid,
       coalesce((SELECT n.nspname::text
                   FROM pg_catalog.pg_operator o
                   JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
                  WHERE o.oprname = '=' AND o.oprleft = b.type AND o.oprright = b.type AND n.nspname <> 'pg_catalog'
                    -- The one that an index of the type uses unless told otherwise, not a namesake that somebody made. Enums, composite types, arrays and ranges
                    -- are born with one.
                    AND EXISTS (SELECT FROM pg_catalog.pg_amop a
                                  LEFT JOIN pg_catalog.pg_opclass c ON c.opcfamily = a.amopfamily AND c.opcintype = b.type AND c.opcdefault
                                 WHERE a.amopopr = o.oid AND (c.oid IS NOT NULL OR (t.typtype = 'b' AND t.typcategory <> 'A')))
                  LIMIT 1), 'pg_catalog'),
       pg_catalog.format_type(b.type, -1),
       b.type <> b.oid
  FROM base b
  JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'
