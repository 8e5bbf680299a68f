-- Expressions that the target will compute while our search_path is empty: of indexes, CHECK constraints and generated columns that call functions
-- of users. Each with a query that computes it for one row.
SELECT n.nspname::text, c.relname::text, e.what,
       pg_catalog.format('SELECT %s FROM ONLY %I.%I LIMIT 1',
                         pg_catalog.concat_ws(', ', pg_catalog.pg_get_expr(e.first, e.relation), pg_catalog.pg_get_expr(e.second, e.relation)), n.nspname, c.relname)
  FROM (SELECT i.indrelid AS relation, pg_catalog.format('index %s', i.indexrelid::pg_catalog.regclass) AS what,
               i.indexprs AS first, i.indpred AS second,
               'pg_catalog.pg_class'::pg_catalog.regclass AS class, i.indexrelid AS object
          FROM pg_catalog.pg_index i
         WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
         UNION ALL
        SELECT k.conrelid, pg_catalog.format('constraint %I', k.conname), k.conbin, NULL,
               'pg_catalog.pg_constraint'::pg_catalog.regclass, k.oid
          FROM pg_catalog.pg_constraint k
         WHERE k.contype = 'c' AND k.conrelid <> 0 AND k.coninhcount = 0
         UNION ALL
        SELECT d.adrelid, pg_catalog.format('generated column %I', a.attname), d.adbin, NULL,
               'pg_catalog.pg_attrdef'::pg_catalog.regclass, d.oid
          FROM pg_catalog.pg_attrdef d
          JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
         WHERE a.atthasdef AND pg_catalog.to_jsonb(a) ->> 'attgenerated' <> '') e
  JOIN pg_catalog.pg_class c ON c.oid = e.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
   AND EXISTS (SELECT FROM pg_catalog.pg_depend d
                 LEFT JOIN pg_catalog.pg_operator o ON o.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass
                 JOIN pg_catalog.pg_proc p ON p.oid = coalesce(o.oprcode::oid, d.refobjid)
                 JOIN pg_catalog.pg_language l ON l.oid = p.prolang
                WHERE d.classid = e.class AND d.objid = e.object
                  AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass)
                  AND l.lanname NOT IN ('internal', 'c'))
 ORDER BY 1, 2, 3
