-- The columns of the table, or the attributes of the composite type, $1 (qualified and quoted), as ADD COLUMN would take them. No row if there is none.
SELECT a.attname::text,
       pg_catalog.format_type(a.atttypid, a.atttypmod)
           || CASE WHEN a.attcollation <> t.typcollation THEN pg_catalog.format(' COLLATE %I.%I', n.nspname, l.collname) ELSE '' END,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid),
       a.attnotnull,
       CASE WHEN a.atthasdef THEN coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') ELSE '' END,
       a.attidentity <> '',
       a.attinhcount > 0,
       -- what rows have that were there when it was added; an array of one
       CASE WHEN a.atthasmissing THEN (a.attmissingval::text::text[])[1] END,
       a.attacl IS NOT NULL OR a.attoptions IS NOT NULL
       OR EXISTS (SELECT FROM pg_catalog.pg_depend u
                   WHERE (u.refclassid, u.refobjid, u.refobjsubid) = ('pg_catalog.pg_class'::pg_catalog.regclass, a.attrelid, a.attnum::int)
                     AND u.classid <> 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint s
                                      WHERE u.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND s.oid = u.objid AND s.contype = 'n'))
       OR EXISTS (SELECT FROM pg_catalog.pg_description u
                   WHERE (u.classoid, u.objoid, u.objsubid) = ('pg_catalog.pg_class'::pg_catalog.regclass, a.attrelid, a.attnum::int))
       OR EXISTS (SELECT FROM pg_catalog.pg_seclabel u
                   WHERE (u.classoid, u.objoid, u.objsubid) = ('pg_catalog.pg_class'::pg_catalog.regclass, a.attrelid, a.attnum::int)),
       (SELECT s.conname::text FROM pg_catalog.pg_constraint s WHERE s.conrelid = a.attrelid AND s.contype = 'n' AND s.conkey = ARRAY[a.attnum])
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
 WHERE a.attrelid = pg_catalog.to_regclass($1)
   AND a.attnum > 0
   AND NOT a.attisdropped
 ORDER BY a.attnum
