-- What only a superuser may make; not what extensions make for themselves.
SELECT o.kind || ' ' || o.name, o.schema
  FROM (SELECT 'event trigger' AS kind, pg_catalog.quote_ident(evtname) AS name, NULL::text AS schema,
               'pg_catalog.pg_event_trigger'::pg_catalog.regclass AS class, oid
          FROM pg_catalog.pg_event_trigger
         UNION ALL
        SELECT CASE WHEN p.proleakproof THEN 'leakproof function' WHEN coalesce(pg_catalog.to_jsonb(p) ->> 'prosupport', '-') <> '-' THEN 'function with SUPPORT'
                    ELSE 'function in language ' || l.lanname END,
               p.oid::pg_catalog.regprocedure::text, n.nspname::text, 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid
          FROM pg_catalog.pg_proc p
          JOIN pg_catalog.pg_language l ON l.oid = p.prolang
          JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         WHERE (p.proleakproof OR coalesce(pg_catalog.to_jsonb(p) ->> 'prosupport', '-') <> '-' OR NOT l.lanpltrusted)
           AND p.prokind IN ('f', 'p')
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d  -- the constructors of a range type
                            WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'i')
         UNION ALL
        SELECT 'base type', t.oid::pg_catalog.regtype::text, n.nspname::text, 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid
          FROM pg_catalog.pg_type t
          JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE t.typtype = 'b' AND t.typcategory <> 'A' AND t.typisdefined
         UNION ALL
        SELECT 'cast without function', pg_catalog.format('(%s AS %s)', castsource::pg_catalog.regtype, casttarget::pg_catalog.regtype), NULL,
               'pg_catalog.pg_cast'::pg_catalog.regclass, oid
          FROM pg_catalog.pg_cast
         WHERE castmethod = 'b' AND oid >= 16384
         UNION ALL
        SELECT 'operator class', pg_catalog.quote_ident(c.opcname), n.nspname::text, 'pg_catalog.pg_opclass'::pg_catalog.regclass, c.oid
          FROM pg_catalog.pg_opclass c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace
         UNION ALL
        SELECT 'operator family', pg_catalog.quote_ident(f.opfname), n.nspname::text, 'pg_catalog.pg_opfamily'::pg_catalog.regclass, f.oid
          FROM pg_catalog.pg_opfamily f
          JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace
         UNION ALL
        SELECT 'access method', pg_catalog.quote_ident(amname), NULL, 'pg_catalog.pg_am'::pg_catalog.regclass, oid FROM pg_catalog.pg_am WHERE oid >= 16384
         UNION ALL
        SELECT 'text search template', pg_catalog.quote_ident(tmplname), n.nspname::text, 'pg_catalog.pg_ts_template'::pg_catalog.regclass, t.oid
          FROM pg_catalog.pg_ts_template t
          JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
         UNION ALL
        SELECT 'text search parser', pg_catalog.quote_ident(prsname), n.nspname::text, 'pg_catalog.pg_ts_parser'::pg_catalog.regclass, p.oid
          FROM pg_catalog.pg_ts_parser p
          JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
         UNION ALL
        SELECT 'foreign-data wrapper', pg_catalog.quote_ident(fdwname), NULL, 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, oid
          FROM pg_catalog.pg_foreign_data_wrapper) o
 WHERE (o.schema IS NULL OR o.schema NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton'))
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
 ORDER BY 1
