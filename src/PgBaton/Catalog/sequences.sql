-- Every sequence, owned by a column or not, with how it is defined. Its state is read from the sequence itself.
SELECT c.oid,
       n.nspname::text,
       c.relname::text,
       s.seqincrement,
       s.seqmin,
       s.seqmax,
       s.seqcycle,
       s.seqcache,
       -- the table it belongs to (OWNED BY, serial, identity); null if it belongs to none
       (SELECT tn.nspname::text FROM pg_catalog.pg_namespace tn WHERE tn.oid = t.relnamespace),
       t.relname::text,
       pg_catalog.pg_has_role(c.relowner, 'USAGE'),
       pg_catalog.format_type(s.seqtypid, NULL),
       s.seqstart
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
  LEFT JOIN pg_catalog.pg_depend o
         ON o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
        AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  LEFT JOIN pg_catalog.pg_class t ON t.oid = o.refobjid
 WHERE c.relkind = 'S'
   AND c.relpersistence IN ('p', 'u')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgbaton')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY n.nspname, c.relname
