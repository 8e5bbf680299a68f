-- Tables that belong to an extension, and of which the extension does not say that their rows are the user's. $1: names of extensions to leave out.
SELECT e.extname::text,
       pg_catalog.format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
  JOIN pg_catalog.pg_class c ON c.oid = d.objid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
   AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
   AND d.deptype = 'e'
   AND c.relkind IN ('r', 'p')
   AND NOT c.oid = ANY (coalesce(e.extconfig, '{}'))
   AND NOT e.extname = ANY ($1::text[])
   AND (c.relkind = 'p' OR pg_catalog.pg_relation_size(c.oid) > 0)
 ORDER BY 1, 2
