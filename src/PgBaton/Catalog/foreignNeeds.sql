-- What an object needs of another schema: class and oid of the object, that schema, and a description. A view is named by itself, not by its rule.
SELECT need.class, need.oid, n.nspname::text, pg_catalog.pg_describe_object(need.refclassid, need.refobjid, 0)
  FROM (SELECT CASE WHEN v.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::pg_catalog.regclass::oid END AS class,
               coalesce(v.ev_class, d.objid) AS oid, d.refclassid, d.refobjid
          FROM pg_catalog.pg_depend d
          LEFT JOIN pg_catalog.pg_rewrite v
            ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND v.oid = d.objid AND v.rulename = '_RETURN'
         WHERE d.deptype IN ('n', 'a')) need
  JOIN (SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid AS class, oid, relnamespace AS schema FROM pg_catalog.pg_class
        UNION ALL
        SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace FROM pg_catalog.pg_type
        UNION ALL
        SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace FROM pg_catalog.pg_proc
        UNION ALL
        SELECT 'pg_catalog.pg_operator'::pg_catalog.regclass, oid, oprnamespace FROM pg_catalog.pg_operator
        UNION ALL
        SELECT 'pg_catalog.pg_opclass'::pg_catalog.regclass, oid, opcnamespace FROM pg_catalog.pg_opclass
        UNION ALL
        SELECT 'pg_catalog.pg_collation'::pg_catalog.regclass, oid, collnamespace FROM pg_catalog.pg_collation
        UNION ALL
        SELECT 'pg_catalog.pg_ts_config'::pg_catalog.regclass, oid, cfgnamespace FROM pg_catalog.pg_ts_config) other
    ON other.class = need.refclassid AND other.oid = need.refobjid
  JOIN pg_catalog.pg_namespace n ON n.oid = other.schema
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton')
   -- What belongs to an extension comes with it.
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend m
                    WHERE m.classid = need.refclassid AND m.objid = need.refobjid AND m.deptype = 'e')
 ORDER BY 1, 2, 3, 4
