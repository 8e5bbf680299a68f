-- What the definitions of a database come to, catalog by catalog: how many rows each has, and a sum over them that is another when one is written.
-- Left out: what the server itself writes in the course of things (files, statistics), sessions' temporary objects, what is ours, and what is carried over: sequences, and comments on large objects.
WITH spaces AS (
    SELECT n.oid FROM pg_catalog.pg_namespace n
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton') AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
), tables AS (
    SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relnamespace IN (SELECT oid FROM spaces)
)
SELECT s.what, pg_catalog.format('%s %s', count(*), sum(s.stamp))
  FROM (
    SELECT 'a table, view, index or partition' AS what,
           pg_catalog.hashtext(pg_catalog.concat_ws('|', c.oid, c.relname, c.relnamespace, c.relkind, c.relpersistence, c.relowner, c.reloptions, c.relispartition,
                                                    c.relpartbound, c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relacl))::bigint AS stamp
      FROM pg_catalog.pg_class c WHERE c.oid IN (SELECT oid FROM tables) AND c.relkind <> 'S'
    UNION ALL SELECT 'an index', pg_catalog.hashtext(pg_catalog.concat_ws('|', i.indexrelid, i.indisunique, i.indisclustered, i.indisreplident, i.indisvalid))
      FROM pg_catalog.pg_index i WHERE i.indrelid IN (SELECT oid FROM tables)
    UNION ALL SELECT 'what a table inherits', pg_catalog.hashtext(pg_catalog.concat_ws('|', i.inhrelid, i.inhparent, i.inhseqno))
      FROM pg_catalog.pg_inherits i WHERE i.inhrelid IN (SELECT oid FROM tables)
    UNION ALL SELECT 'a constraint', t.xmin::text::bigint FROM pg_catalog.pg_constraint t WHERE t.connamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'a default', d.xmin::text::bigint FROM pg_catalog.pg_attrdef d WHERE d.adrelid IN (SELECT oid FROM tables)
    UNION ALL SELECT 'a trigger', t.xmin::text::bigint FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgname <> 'pgbaton_gate' AND t.tgrelid IN (SELECT oid FROM tables)
    UNION ALL SELECT 'a view or rule', t.xmin::text::bigint FROM pg_catalog.pg_rewrite t WHERE t.ev_class IN (SELECT oid FROM tables)
    UNION ALL SELECT 'a policy', t.xmin::text::bigint FROM pg_catalog.pg_policy t
    UNION ALL SELECT 'a function', t.xmin::text::bigint FROM pg_catalog.pg_proc t WHERE t.pronamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'a type', t.xmin::text::bigint FROM pg_catalog.pg_type t WHERE t.typnamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'a value of an enum', t.xmin::text::bigint FROM pg_catalog.pg_enum t
    UNION ALL SELECT 'an operator', t.xmin::text::bigint FROM pg_catalog.pg_operator t WHERE t.oprnamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'an operator class', t.xmin::text::bigint FROM pg_catalog.pg_opclass t WHERE t.opcnamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'an operator family', t.xmin::text::bigint FROM pg_catalog.pg_opfamily t WHERE t.opfnamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'a cast', t.xmin::text::bigint FROM pg_catalog.pg_cast t
    UNION ALL SELECT 'a collation', t.xmin::text::bigint FROM pg_catalog.pg_collation t WHERE t.collnamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'a text search configuration', t.xmin::text::bigint FROM pg_catalog.pg_ts_config t WHERE t.cfgnamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'a text search dictionary', t.xmin::text::bigint FROM pg_catalog.pg_ts_dict t WHERE t.dictnamespace IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'statistics', t.xmin::text::bigint FROM pg_catalog.pg_statistic_ext t
    UNION ALL SELECT 'an event trigger', t.xmin::text::bigint FROM pg_catalog.pg_event_trigger t
    UNION ALL SELECT 'an extension', t.xmin::text::bigint FROM pg_catalog.pg_extension t
    UNION ALL SELECT 'a schema', t.xmin::text::bigint FROM pg_catalog.pg_namespace t WHERE t.oid IN (SELECT oid FROM spaces)
    UNION ALL SELECT 'default privileges', t.xmin::text::bigint FROM pg_catalog.pg_default_acl t
    UNION ALL SELECT 'a comment', t.xmin::text::bigint FROM pg_catalog.pg_description t WHERE t.objoid >= 16384 AND t.classoid <> 'pg_catalog.pg_largeobject'::pg_catalog.regclass
    UNION ALL SELECT 'a foreign server', t.xmin::text::bigint FROM pg_catalog.pg_foreign_server t
    UNION ALL SELECT 'a foreign table', t.xmin::text::bigint FROM pg_catalog.pg_foreign_table t
  ) s
 GROUP BY s.what
