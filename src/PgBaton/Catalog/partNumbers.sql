-- What a table, a composite type or an enum is made of, as its names say it, by what stays the same whatever it is called: columns and attributes in the order of
-- their numbers, of which none is used again (NULL: it was dropped), labels behind their oids. No row for what has no parts.
SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid, pg_catalog.array_agg(CASE WHEN NOT a.attisdropped THEN a.attname::text END ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE a.attnum > 0
   AND c.relkind IN ('r', 'p')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
 GROUP BY c.oid
UNION ALL
SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, c.reltype, pg_catalog.array_agg(CASE WHEN NOT a.attisdropped THEN a.attname::text END ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
 WHERE a.attnum > 0
   AND c.relkind = 'c'
 GROUP BY c.reltype
UNION ALL
SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, e.enumtypid, pg_catalog.array_agg(pg_catalog.format('%s %s', e.oid, e.enumlabel) ORDER BY e.enumsortorder)
  FROM pg_catalog.pg_enum e
 GROUP BY e.enumtypid
