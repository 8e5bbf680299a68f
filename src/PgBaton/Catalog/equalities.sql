-- The schema that holds the operator = of the types $1 (oids), for those that do not use one of pg_catalog.
SELECT o.oprleft,
       n.nspname::text
  FROM pg_catalog.pg_operator o
  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oprname = '='
   AND o.oprleft = ANY ($1::oid[])
   AND o.oprright = o.oprleft
   AND n.nspname <> 'pg_catalog'
   -- the one that an index of the type uses, not a namesake that somebody made
   AND EXISTS (SELECT FROM pg_catalog.pg_amop a WHERE a.amopopr = o.oid)
