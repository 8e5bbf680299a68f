namespace PgBaton.Tests.Preflight;

/// <summary>What ordinary databases hold, none of which is worth a warning.</summary>
static class HealthyDatabases
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["empty but for a table"] = "CREATE TABLE t (id int PRIMARY KEY)",
        ["keys of every kind"] =
            "CREATE TABLE a (id uuid PRIMARY KEY DEFAULT gen_random_uuid()); CREATE TABLE b (x int, y text, PRIMARY KEY (x, y)); "
            + "CREATE TABLE c (k int NOT NULL UNIQUE); ALTER TABLE c REPLICA IDENTITY USING INDEX c_k_key; CREATE TABLE d (v text); ALTER TABLE d REPLICA IDENTITY FULL",
        ["partitions"] =
            "CREATE TABLE t (at date, id int, PRIMARY KEY (at, id)) PARTITION BY RANGE (at); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); "
            + "CREATE TABLE t2 PARTITION OF t DEFAULT",
        ["inheritance"] = "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (PRIMARY KEY (id)) INHERITS (t)",
        ["foreign keys and triggers"] =
            "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY, t int REFERENCES t DEFERRABLE); "
            + "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE UPDATE ON u FOR EACH ROW EXECUTE FUNCTION f()",
        ["sequences and identities"] =
            "CREATE SEQUENCE s; CREATE TABLE t (id bigserial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, v int DEFAULT nextval('s')); CREATE TABLE u (id int PRIMARY KEY, d int GENERATED ALWAYS AS (id * 2) STORED)",
        ["types, domains, ranges"] =
            "CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TYPE c AS (x int, y e); CREATE TABLE t (id d PRIMARY KEY, e e[], c c, r int4range, j jsonb, "
            + "EXCLUDE USING gist (r WITH &&))",
        ["extensions"] = "CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION pg_trgm; CREATE TABLE t (id citext PRIMARY KEY, h hstore); CREATE INDEX ON t USING gin ((id::text) gin_trgm_ops)",
        ["row level security of the owner"] = "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id > 0)",
        ["many schemas and strange names"] =
            "CREATE SCHEMA \"A b\"; CREATE TABLE \"A b\".\"c\"\"d\" (\"select\" int PRIMARY KEY); CREATE SCHEMA x; CREATE VIEW x.v AS SELECT * FROM \"A b\".\"c\"\"d\"; "
            + "CREATE TABLE x.big (id int PRIMARY KEY); INSERT INTO x.big SELECT generate_series(1, 1000); CREATE PUBLICATION of_others FOR TABLE x.big",
    };
}
