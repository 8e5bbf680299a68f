-- Every large object with its owner, its comment, its privileges as GRANT takes them (null: the default, the owner's alone), and whether our
-- role may read it.
SELECT m.oid,
       pg_catalog.pg_get_userbyid(m.lomowner)::text,
       pg_catalog.obj_description(m.oid, 'pg_largeobject'),
       CASE WHEN m.lomacl IS NOT NULL THEN coalesce(
           (SELECT pg_catalog.string_agg(
                       pg_catalog.format('GRANT %s ON LARGE OBJECT %s TO %s%s', a.privilege_type, m.oid,
                           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
                           CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END),
                       '; ' ORDER BY a.grantee <> m.lomowner, pg_catalog.pg_get_userbyid(a.grantee), a.privilege_type)
              FROM pg_catalog.aclexplode(m.lomacl) a), '') END,
       pg_catalog.pg_has_role(m.lomowner, 'USAGE')
           OR pg_catalog.current_setting('lo_compat_privileges')::bool
           OR EXISTS (SELECT FROM pg_catalog.aclexplode(m.lomacl) a
                       WHERE a.privilege_type = 'SELECT'
                         AND CASE a.grantee WHEN 0 THEN true ELSE pg_catalog.pg_has_role(a.grantee, 'USAGE') END)
  FROM pg_catalog.pg_largeobject_metadata m
 ORDER BY m.oid
