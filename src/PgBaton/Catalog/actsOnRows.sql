-- Whether something of the table $1 (oid) acts on rows that this session writes: a trigger, a foreign key, a rule, row level security.
SELECT c.relrowsecurity
       OR EXISTS (SELECT FROM pg_catalog.pg_rewrite r
                   WHERE r.ev_class = c.oid AND (r.ev_enabled = 'A' OR r.ev_enabled = s.active))
       OR EXISTS (SELECT FROM pg_catalog.pg_trigger t
                    JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
                    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                   WHERE t.tgrelid = c.oid
                     AND (t.tgenabled = 'A' OR t.tgenabled = s.active)
                     AND n.nspname <> 'pgbaton' -- our gate, through which we pass
                     AND p.proname <> 'unique_key_recheck') -- a deferrable key, nothing but a check
  FROM pg_catalog.pg_class c,
       LATERAL (SELECT CASE pg_catalog.current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END AS active) s
 WHERE c.oid = $1
