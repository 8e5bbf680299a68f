-- Which table an index, constraint, trigger, rule, policy or default belongs to, that table's bytes, and what a foreign key refers to.
SELECT part.class, part.oid, n.nspname::text, c.relname::text,
       CASE WHEN c.relkind IN ('r', 'm') THEN coalesce(pg_catalog.pg_table_size(c.oid), 0) ELSE 0 END, -- null: dropped meanwhile
       rn.nspname::text, r.relname::text
  FROM (SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid AS class, indexrelid AS oid, indrelid AS relation, NULL::oid AS refers_to
          FROM pg_catalog.pg_index
        UNION ALL
        SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass, oid, conrelid, confrelid FROM pg_catalog.pg_constraint
        UNION ALL
        SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, oid, tgrelid, NULL FROM pg_catalog.pg_trigger
        UNION ALL
        SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, oid, ev_class, NULL FROM pg_catalog.pg_rewrite
        UNION ALL
        SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, oid, polrelid, NULL FROM pg_catalog.pg_policy
        UNION ALL
        SELECT 'pg_catalog.pg_attrdef'::pg_catalog.regclass, oid, adrelid, NULL FROM pg_catalog.pg_attrdef) part
  JOIN pg_catalog.pg_class c ON c.oid = part.relation
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class r ON r.oid = part.refers_to
  LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
