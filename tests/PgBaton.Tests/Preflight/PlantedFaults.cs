namespace PgBaton.Tests.Preflight;

/// <summary>Faults that people have in their databases, one of each.</summary>
static class PlantedFaults
{
    const string Unknown =
        """
        SET allow_system_table_mods = on;
        INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion) VALUES (60000, 'nowhere', 10, 'public'::regnamespace, false, '1.0');
        CREATE TYPE theirs AS ENUM ('a'); ALTER EXTENSION nowhere ADD TYPE theirs;
        """;

    const string Trigger =
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g AFTER INSERT ON healthy FOR EACH ROW EXECUTE FUNCTION f();";

    const string MayCreate = "GRANT CREATE ON DATABASE $db TO $role";

    const string MayCreateAnywhere = $"{MayCreate}; GRANT CREATE ON SCHEMA public TO $role";

    public static IReadOnlyDictionary<string, Plant> All { get; } = new Dictionary<string, Plant>
    {
        ["no key"] = new("PB1050", Severity.Blocker, "CREATE TABLE t (id int)"),
        ["a key that is checked late"] = new("PB1050", Severity.Blocker, "CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)"),
        ["identity nothing"] = new("PB1050", Severity.Blocker, "ALTER TABLE healthy REPLICA IDENTITY NOTHING"),
        ["identity by an index that is gone"] = new(
            "PB1050", Severity.Blocker, "CREATE TABLE t (id int NOT NULL); CREATE UNIQUE INDEX i ON t (id); ALTER TABLE t REPLICA IDENTITY USING INDEX i; DROP INDEX i"),
        ["a partition without a key"] = new("PB1050", Severity.Blocker, "CREATE TABLE t (id int) PARTITION BY LIST (id); CREATE TABLE p PARTITION OF t DEFAULT"),
        ["an unlogged table"] = new("PB1052", Severity.Warning, "ALTER TABLE healthy SET UNLOGGED"),
        ["a foreign table"] = new(
            "PB1053", Severity.Notice, "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE t (a int) SERVER s"),
        ["a table that was put into an extension"] = new(
            "PB1069", Severity.Warning, "CREATE EXTENSION citext; CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); ALTER EXTENSION citext ADD TABLE t"),
        ["a trigger with the gate's name"] = new(
            "PB1039", Severity.Blocker,
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER pgbaton_gate BEFORE INSERT ON healthy FOR EACH ROW EXECUTE FUNCTION f()"),
        ["a child that is looser than its parent"] = new(
            "PB1075", Severity.Blocker, "CREATE TABLE c (PRIMARY KEY (id)) INHERITS (healthy); ALTER TABLE ONLY healthy ALTER v SET NOT NULL"),
        ["a column of a catalog's row type"] = new("PB1062", Severity.Blocker, "ALTER TABLE healthy ADD r pg_stat_all_tables[]"),
        ["a hypertable"] = new(
            "PB1073", Severity.Blocker,
            "CREATE SCHEMA _timescaledb_catalog; CREATE TABLE _timescaledb_catalog.hypertable (id int PRIMARY KEY, schema_name name, table_name name); INSERT INTO _timescaledb_catalog.hypertable VALUES (1, 'public', 'healthy')"),
        ["a materialized view"] = new("PB1053", Severity.Notice, "CREATE MATERIALIZED VIEW m AS SELECT 1"),
        ["an event trigger that forbids to drop publications"] = new(
            "PB1024", Severity.Blocker,
            "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not here'; END$$; CREATE EVENT TRIGGER forbid ON ddl_command_start WHEN TAG IN ('DROP PUBLICATION') EXECUTE FUNCTION forbid()"),
        ["an event trigger that forbids to drop triggers"] = new(
            "PB1038", Severity.Blocker,
            "CREATE FUNCTION forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not here'; END$$; CREATE EVENT TRIGGER forbid ON ddl_command_start WHEN TAG IN ('DROP TRIGGER') EXECUTE FUNCTION forbid()"),
        ["an event trigger"] = new(
            "PB1054", Severity.Notice, "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION e()"),
        ["names that differ by case"] = new("PB1055", Severity.Notice, "CREATE TABLE \"Healthy\" (id int PRIMARY KEY)"),
        ["a function that only a superuser makes"] = new(
            "PB1056", Severity.Blocker, "CREATE FUNCTION f() RETURNS int LEAKPROOF LANGUAGE sql AS 'SELECT 1'")
        { TargetGrants = MayCreateAnywhere },
        ["a schema of the platform"] = new(
            "PB1057", Severity.Notice, "ALTER DATABASE $db SET supautils.reserved_roles = 'x'; CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY)"),
        ["a trigger that always fires"] = new("PB1058", Severity.Notice, $"{Trigger} ALTER TABLE healthy ENABLE ALWAYS TRIGGER g"),
        ["a provider without replication"] = new("PB1026", Severity.Blocker, "ALTER DATABASE $db SET extwlist.extensions = 'citext'"),
        ["large objects"] = new("PB1060", Severity.Notice, "SELECT lo_create(0)"),
        ["large objects on both sides"] = new("PB1061", Severity.Blocker, "SELECT lo_create(0)", "SELECT lo_create(0)"),
        ["a policy for a role that the target lacks"] = new(
            "PB1063", Severity.Blocker, "")
        { SourceRole = "REPLICATION", SourceGrants = $"{MayCreate}; ALTER TABLE healthy OWNER TO $role; CREATE POLICY p ON healthy TO $role" },
        ["an owner that the target lacks"] = new("PB1064", Severity.Blocker, "") { With = options => options with { TargetOwner = "nobody_of_that_name" } },
        ["a library that the target lacks"] = new(
            "PB1065", Severity.Blocker,
            "DO $$ BEGIN EXECUTE format($f$CREATE FUNCTION f() RETURNS trigger LANGUAGE c AS %L, 'autoinc'$f$, "
            + "(SELECT setting FROM pg_config WHERE name = 'PKGLIBDIR') || '/autoinc'); END $$"),
        ["a pattern that means nothing"] = new("PB1066", Severity.Blocker, "") { With = options => options with { Tables = ["healthy", "misspelt"] } },
        ["a label of a provider that is not loaded"] = new(
            "PB1068", Severity.Blocker, "INSERT INTO pg_seclabel VALUES ('healthy'::regclass, 'pg_class'::regclass, 0, 'masks', 'MASKED')"),
        ["an extension that is missing and needed"] = new("PB1070", Severity.Blocker, $"{Unknown} ALTER TABLE healthy ADD e theirs"),
        ["an extension that is missing"] = new("PB1070", Severity.Warning, Unknown),
        ["an extension that is older"] = new("PB1070", Severity.Warning, "CREATE EXTENSION hstore; UPDATE pg_extension SET extversion = '99' WHERE extname = 'hstore'"),
        ["an extension that the role may not make"] = new(
            "PB1070", Severity.Blocker, "CREATE EXTENSION pageinspect; CREATE VIEW v AS SELECT get_raw_page('healthy', 0)")
        { TargetGrants = MayCreateAnywhere },
        ["a standby's setting"] = new("PB1016", Severity.Warning, "ALTER DATABASE $db SET default_transaction_read_only = on"),
        ["a target that is locked"] = new("PB1080", Severity.Blocker, "", "ALTER DATABASE $db SET default_transaction_read_only = on"),
        ["a target whose schema public is closed"] = new("PB1080", Severity.Blocker, "") { TargetGrants = MayCreate },
        ["a target where the role may not create"] = new("PB1080", Severity.Blocker, "") { TargetGrants = "" },
        ["a target with a table"] = new("PB1081", Severity.Blocker, "", "CREATE TABLE t (id int)"),
        ["a target with a function"] = new("PB1081", Severity.Blocker, "", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
        ["a schema pgbaton on the target"] = new("PB1083", Severity.Blocker, "", "CREATE SCHEMA pgbaton"),
        ["a small disk"] = new("PB1084", Severity.Blocker, "") { With = options => options with { TargetDisk = 1 << 20 } },
        ["no pg_dump"] = new("PB1085", Severity.Blocker, "") { With = options => options with { PgBin = Path.GetTempPath() } },
        ["an encoding that holds less"] = new("PB1014", Severity.Blocker, "") { Databases = ("ENCODING 'UTF8' LOCALE 'C'", "ENCODING 'LATIN1' LOCALE 'C'") },
        ["the hash of a text in another encoding"] = new("PB1074", Severity.Blocker, "CREATE TABLE hp (t text PRIMARY KEY) PARTITION BY HASH (t); CREATE TABLE hp0 PARTITION OF hp FOR VALUES WITH (MODULUS 1, REMAINDER 0)")
        { Databases = ("ENCODING 'LATIN1' LOCALE 'C'", "ENCODING 'UTF8' LOCALE 'C'") },
        ["no encoding"] = new("PB1014", Severity.Blocker, "") { Databases = ("ENCODING 'SQL_ASCII' LOCALE 'C'", "ENCODING 'UTF8' LOCALE 'C'") },
        ["another locale"] = new("PB1014", Severity.Warning, "") { Databases = ("LOCALE 'C'", "LOCALE 'C.UTF-8'") },
        ["a collation that has changed"] = new(
            "PB1018", Severity.Warning, "CREATE COLLATION c (provider = icu, locale = 'de'); UPDATE pg_collation SET collversion = '1.0' WHERE collname = 'c'"),
        ["a publication of an earlier migration"] = new("PB1030", Severity.Warning, "CREATE PUBLICATION pgbaton_earlier"),
        ["a source that is a target"] = new("PB1030", Severity.Blocker, "CREATE SCHEMA pgbaton; COMMENT ON SCHEMA pgbaton IS 'pgbaton journal, format 1'"),
        ["a subscription"] = new(
            "PB1031", Severity.Blocker, "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect = false, slot_name = 'none_such'); ALTER SUBSCRIPTION s ENABLE"),
        ["a table that may not be read"] = new("PB1040", Severity.Blocker, "") { SourceRole = "REPLICATION", SourceGrants = $"{MayCreate}; ALTER TABLE healthy OWNER TO $role; REVOKE ALL ON healthy FROM $role" },
        ["a table of another owner"] = new("PB1041", Severity.Blocker, "") { SourceRole = "REPLICATION", SourceGrants = $"{MayCreate}; GRANT SELECT ON healthy TO $role" },
        ["a row that cannot be read"] = new(
            "PB1046", Severity.Blocker, "CREATE TYPE e AS ENUM ('a'); ALTER TABLE healthy ADD e e; INSERT INTO healthy VALUES (1, 'v', 'a'); DELETE FROM pg_enum WHERE enumtypid = 'e'::regtype"),
        ["rows that are hidden"] = new("PB1042", Severity.Blocker, "ALTER TABLE healthy ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY") { SourceRole = "REPLICATION" },
        ["a role that may not replicate"] = new("PB1023", Severity.Blocker, "") { SourceRole = "" },
        ["a role that may not publish"] = new("PB1024", Severity.Blocker, "") { SourceRole = "REPLICATION", SourceGrants = "ALTER TABLE healthy OWNER TO $role" },
        ["a role with few connections"] = new("PB1015", Severity.Blocker, "") { SourceRole = "REPLICATION CONNECTION LIMIT 6" },
        ["a password that expires"] = new("PB1045", Severity.Warning, "") { SourceRole = $"REPLICATION VALID UNTIL '{TimeProvider.System.GetUtcNow().AddDays(3):O}'" },
        ["time limits of the role"] = new(
            "PB1044", Severity.Notice, "")
        { SourceRole = "REPLICATION", SourceGrants = $"{MayCreate}; ALTER TABLE healthy OWNER TO $role; ALTER ROLE $role SET statement_timeout = '2min'" },
    };
}
