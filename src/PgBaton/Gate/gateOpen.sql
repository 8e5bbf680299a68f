-- The gate of the new writer: nothing to ask any more. The triggers stay until the end.
CREATE OR REPLACE FUNCTION pgbaton.gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RETURN NULL;
END $$;
