-- One row: what this server, this database and this role are, for the preflight questions. Readable by every role.
SELECT (SELECT pg_catalog.jsonb_object_agg(s.name, s.setting)::text
          FROM pg_catalog.pg_settings s
         WHERE s.name IN ('wal_level', 'effective_wal_level', 'max_replication_slots', 'max_wal_senders', 'max_connections',
                          'superuser_reserved_connections', 'reserved_connections', 'max_slot_wal_keep_size',
                          'idle_replication_slot_timeout', 'synchronous_standby_names', 'max_prepared_transactions', 'row_security',
                          'extra_float_digits', 'shared_preload_libraries', 'port', 'statement_timeout', 'transaction_timeout',
                          'idle_in_transaction_session_timeout', 'idle_session_timeout', 'max_logical_replication_workers',
                          'max_worker_processes', 'max_active_replication_origins')),
       r.rolname::text,
       r.rolsuper,
       r.rolreplication
           OR EXISTS (SELECT FROM pg_catalog.pg_roles m WHERE m.rolname = 'rds_replication' AND pg_catalog.pg_has_role(m.oid, 'MEMBER')),
       r.rolconnlimit,
       pg_catalog.has_database_privilege(d.oid, 'CREATE'),
       pg_catalog.pg_has_role(d.datdba, 'USAGE'),
       pg_catalog.pg_encoding_to_char(d.encoding)::text,
       d.datcollate::text,
       d.datctype::text,
       coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c'),
       coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'),
       d.datconnlimit,
       pg_catalog.pg_database_size(d.oid),
       pg_catalog.pg_is_in_recovery(),
       (SELECT count(*) FROM pg_catalog.pg_replication_slots)::int,
       (SELECT count(*) FROM pg_catalog.pg_stat_replication)::int,
       -- the walsenders have places of their own
       (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.datid IS NOT NULL AND a.backend_type IS DISTINCT FROM 'walsender')::int,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.usesysid = r.oid AND a.datid IS NOT NULL)::int,
       (SELECT coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '') FROM pg_catalog.pg_namespace n WHERE n.nspname = 'pgbaton'),
       pg_catalog.pg_backend_pid(),
       -- What gives a provider away.
       array(
            SELECT 'setting:' || pg_catalog.split_part(s.name, '.', 1)
              FROM pg_catalog.unnest(ARRAY['aiven.pg_security_agent', 'alloydb.logical_decoding', 'azure.extensions', 'cloudsql.logical_decoding',
                                           'extwlist.extensions', 'neon.project_id', 'neon.timeline_id', 'rds.extensions',
                                           'rds.logical_replication', 'supautils.reserved_roles']) AS s (name)
             WHERE pg_catalog.current_setting(s.name, true) IS NOT NULL
             UNION
            SELECT 'role:' || p.rolname
              FROM pg_catalog.pg_roles p
             WHERE p.rolname IN ('alloydbsuperuser', 'avnadmin', 'azure_pg_admin', 'cloudsqlsuperuser', 'crunchy_superuser', 'doadmin', 'fly-user',
                                 'neon_superuser', 'pscale_admin', 'rds_superuser', 'supabase_admin', 'tsdbadmin')
             UNION
            SELECT 'schema:' || n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname = 'pscale_extensions'
             UNION
            SELECT 'function:' || f.proname FROM pg_catalog.pg_proc f WHERE f.proname = 'aurora_version'),
       coalesce((SELECT s.ssl FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()), false),
       CASE WHEN pg_catalog.isfinite(r.rolvaliduntil)
            THEN (extract(epoch FROM r.rolvaliduntil) - extract(epoch FROM pg_catalog.now()))::float8 END
  FROM pg_catalog.pg_roles r, pg_catalog.pg_database d
 WHERE r.rolname = current_user
   AND d.datname = pg_catalog.current_database()
