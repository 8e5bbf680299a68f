-- The gate of the side that is not the writer. It refuses without asking the row, because a transaction may see an old version of the row, but
-- never of a function.
CREATE OR REPLACE FUNCTION pgbaton.gate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(current_setting('pgbaton.token', true), '') <> '' THEN
        IF encode(sha256(convert_to(current_setting('pgbaton.token'), 'UTF8')), 'hex') = (SELECT token_sha256 FROM pgbaton.gate) THEN
            RETURN NULL;
        END IF;
    END IF;
    -- A subscription of ours; of its changes only TRUNCATE gets here.
    IF (SELECT backend_type LIKE 'logical replication%' FROM pg_stat_get_activity(pg_backend_pid())) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction',
        MESSAGE = (SELECT message FROM pgbaton.gate), HINT = (SELECT hint FROM pgbaton.gate);
END $$;
