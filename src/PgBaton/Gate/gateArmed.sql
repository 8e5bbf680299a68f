-- The gate while its side is the writer and a cutover may come. Every writing transaction holds the gate's advisory lock ("pgba", "gate") shared;
-- the fence is the same lock held exclusively: it waits for the writes in flight, and whoever comes later waits here.
CREATE OR REPLACE FUNCTION pgbaton.gate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF coalesce(current_setting('pgbaton.token', true), '') <> '' THEN
        IF encode(sha256(convert_to(current_setting('pgbaton.token'), 'UTF8')), 'hex') = (SELECT token_sha256 FROM pgbaton.gate) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF NOT pg_try_advisory_xact_lock_shared(1885823585, 1734440037) THEN
        PERFORM pg_advisory_xact_lock_shared(1885823585, 1734440037);
        -- Its snapshot may be older than the decision, which it would then not see in the row below.
        IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
            RAISE EXCEPTION 'could not serialize access: a cutover took place or was cancelled meanwhile'
                USING ERRCODE = 'serialization_failure', HINT = 'The transaction might succeed if retried.';
        END IF;
    END IF;
    IF (SELECT is_closed OR is_held FROM pgbaton.gate)
       -- A subscription of ours; of its changes only TRUNCATE gets here.
       AND NOT (SELECT backend_type LIKE 'logical replication%' FROM pg_stat_get_activity(pg_backend_pid())) THEN
        RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction',
            MESSAGE = (SELECT message FROM pgbaton.gate), HINT = (SELECT hint FROM pgbaton.gate);
    END IF;
    RETURN NULL;
END $$;
