-- For each of the tables $1 (oids): what may be done with it, and which index could be its replica identity.
SELECT c.oid,
       pg_catalog.pg_get_userbyid(c.relowner)::text,
       (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = c.relowner),
       pg_catalog.pg_has_role(c.relowner, 'USAGE') AS is_owned,
       pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') AS may_use_schema,
       pg_catalog.has_table_privilege(c.oid, 'SELECT') AS may_select,
       pg_catalog.row_security_active(c.oid) AS hides_rows,
       -- a primary key that checks uniqueness only later
       EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND NOT i.indimmediate) AS has_deferrable_key,
       -- an index that ALTER TABLE ... REPLICA IDENTITY USING INDEX would take
       (SELECT x.relname::text
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid
           AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                            WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
                              AND (NOT a.attnotnull OR a.atthasdef AND pg_catalog.to_jsonb(a) ->> 'attgenerated' <> ''))
         ORDER BY i.indisprimary DESC, i.indnkeyatts, x.relname
         LIMIT 1) AS possible_index,
       -- a unique index that only lacks NOT NULL
       EXISTS (SELECT FROM pg_catalog.pg_index i
                WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL) AS has_unique,
       coalesce(s.n_tup_upd + s.n_tup_del, 0)::bigint AS rows_changed
  FROM pg_catalog.pg_class c
  LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
 WHERE c.oid = ANY ($1::oid[])
