-- The source's schema of ours. It holds the gate and what belongs to the source alone (side.sql), from the first cutover to the end.
CREATE SCHEMA pgbaton;
COMMENT ON SCHEMA pgbaton IS 'pgbaton gate';

-- Roles that may write everywhere (pg_write_all_data) need no GRANT; they do not pass this.
CREATE FUNCTION pgbaton.refuse_strangers() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = 'pgbaton'), 'MEMBER') THEN
        RAISE EXCEPTION 'only the owner of the migration may change its gate' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
