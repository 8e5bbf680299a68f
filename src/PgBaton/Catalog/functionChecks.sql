-- CHECK constraints of tables and domains that call functions of users, with the commands that hold one (again, too), put it back and validate it.
SELECT c.schema, c.name,
       pg_catalog.format('constraint %I of %s', k.conname, c.qualified),
       pg_catalog.format('%s DROP CONSTRAINT IF EXISTS %I', c.command, k.conname),
       pg_catalog.format('%s ADD CONSTRAINT %I %s%s', c.command, k.conname, pg_catalog.pg_get_constraintdef(k.oid),
                         CASE WHEN k.convalidated THEN ' NOT VALID' ELSE '' END)
           || coalesce(pg_catalog.format('; COMMENT ON CONSTRAINT %I ON %s IS ', k.conname, c.qualified)
                       || pg_catalog.quote_literal(pg_catalog.obj_description(k.oid, 'pg_constraint')), ''),
       CASE WHEN k.convalidated THEN pg_catalog.format('%s VALIDATE CONSTRAINT %I', c.command, k.conname) END
  FROM pg_catalog.pg_constraint k
  JOIN (SELECT r.oid, 0::oid AS type, n.nspname::text AS schema, r.relname::text AS name,
               pg_catalog.format('%I.%I', n.nspname, r.relname) AS qualified,
               pg_catalog.format('ALTER TABLE %I.%I', n.nspname, r.relname) AS command
          FROM pg_catalog.pg_class r
          JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
         WHERE r.relkind IN ('r', 'p')
         UNION ALL
        SELECT 0, t.oid, n.nspname::text, t.typname::text,
               pg_catalog.format('DOMAIN %I.%I', n.nspname, t.typname),
               pg_catalog.format('ALTER DOMAIN %I.%I', n.nspname, t.typname)
          FROM pg_catalog.pg_type t
          JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE t.typtype = 'd'
           -- The server does not validate a domain that other types are made of.
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_type x WHERE x.typbasetype = t.oid)
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class x ON x.oid = a.attrelid
                            WHERE a.atttypid = t.typarray OR (a.atttypid = t.oid AND x.relkind = 'c'))) c
    ON c.oid = k.conrelid AND c.type = k.contypid
 WHERE k.contype = 'c'
   -- The children of a table lose and get it with their parent.
   AND k.coninhcount = 0
   -- One that is not enforced does nothing; conenforced came with 18.
   AND coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::bool, true)
   AND c.schema NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
   -- An operator depends on its function in turn.
   AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                 LEFT JOIN pg_catalog.pg_operator o ON o.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
                 JOIN pg_catalog.pg_proc p ON p.oid = coalesce(o.oprcode::oid, d.refobjid)
                 JOIN pg_catalog.pg_language l ON l.oid = p.prolang
                WHERE d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid
                  AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass)
                  AND l.lanname NOT IN ('internal', 'c'))
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.objid IN (k.conrelid, k.contypid) AND d.deptype = 'e'
                      AND d.classid IN ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_type'::pg_catalog.regclass))
 ORDER BY 1, 2, 3
