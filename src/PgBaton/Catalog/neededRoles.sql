-- Roles that objects of this database need on another server, and whether one of them is to be owned by it. $1: owners are kept; $2: privileges are kept.
-- Policies and user mappings always are.
SELECT role, pg_catalog.bool_or(owns) FROM (
SELECT r.rolname::text AS role, d.deptype = 'o' AND d.classid <> 'pg_catalog.pg_user_mapping'::pg_catalog.regclass AS owns
  FROM pg_catalog.pg_shdepend d
  JOIN pg_catalog.pg_roles r ON r.oid = d.refobjid
 WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
   AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND CASE
           WHEN d.deptype = 'r' OR d.classid = 'pg_catalog.pg_user_mapping'::pg_catalog.regclass THEN true
           WHEN d.deptype = 'a' OR d.classid = 'pg_catalog.pg_default_acl'::pg_catalog.regclass THEN $2
           -- pg_dump says of no extension, and of nothing that belongs to one, whose it is.
           WHEN d.deptype = 'o' THEN $1
                AND d.classid NOT IN ('pg_catalog.pg_extension'::pg_catalog.regclass, 'pg_catalog.pg_publication'::pg_catalog.regclass, 'pg_catalog.pg_subscription'::pg_catalog.regclass)
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.objsubid = 0 AND e.deptype = 'e')
           ELSE false
       END
 UNION ALL
-- The role that initdb made is in no such list.
SELECT r.rolname::text, true
  FROM pg_catalog.pg_roles r
 WHERE $1 AND r.oid = 10
   AND EXISTS (SELECT FROM pg_catalog.pg_class c
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relowner = 10 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pgbaton'))
) AS needed GROUP BY role ORDER BY role COLLATE "C"
