using PgBaton.Providers;

namespace PgBaton.Tests.Preflight;

/// <summary>Servers dressed as a provider's: the signs are made, and check must name the provider and speak its language.</summary>
public sealed class ProviderTests
{
    /// <summary>Signs that a database can carry for itself, without disturbing its neighbours on the server.</summary>
    [Theory]
    [InlineData("ALTER DATABASE $db SET neon.project_id = 'x'", "Neon")]
    [InlineData("CREATE SCHEMA pscale_extensions; ALTER DATABASE $db SET extwlist.extensions = 'citext'", "PlanetScale Postgres")]
    [InlineData("ALTER DATABASE $db SET rds.logical_replication = 'off'", "Amazon RDS")]
    [InlineData(
        "ALTER DATABASE $db SET rds.extensions = 'x'; CREATE FUNCTION aurora_version() RETURNS text LANGUAGE sql AS 'SELECT ''17.4'''",
        "Amazon Aurora PostgreSQL")]
    [InlineData("ALTER DATABASE $db SET cloudsql.logical_decoding = 'off'", "Cloud SQL")]
    [InlineData("ALTER DATABASE $db SET alloydb.logical_decoding = 'off'", "AlloyDB")]
    [InlineData("ALTER DATABASE $db SET azure.extensions = 'x'", "Azure Database for PostgreSQL")]
    [InlineData("ALTER DATABASE $db SET supautils.reserved_roles = 'x'", "Supabase")]
    [InlineData("ALTER DATABASE $db SET aiven.pg_security_agent = 'on'", "Aiven")]
    public async Task PB1017_a_provider_is_known_by_what_its_server_shows(string signs, string name)
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(signs.Replace("$db", source.Name, StringComparison.Ordinal));
        var finding = (await Checked.AskAsync(source)).MustHave("PB1017", Severity.Notice);
        Assert.Equal($"the source is at {name}", finding.Message);
    }

    [Fact]
    public async Task PB1017_roles_give_a_provider_away_and_PB1020_speaks_its_language()
    {
        await using var server = await OwnServer.StartAsync(17, "wal_level = replica");
        foreach (var (role, name, fix) in new[]
        {
            ("neon_superuser", "Neon", "Neon Console"), ("rds_superuser", "Amazon RDS", "aws rds modify-db-parameter-group"),
            ("cloudsqlsuperuser", "Cloud SQL", "cloudsql.logical_decoding=on"), ("azure_pg_admin", "Azure Database for PostgreSQL", "az postgres"),
            ("doadmin", "DigitalOcean", "Have DigitalOcean set wal_level"), ("crunchy_superuser", "Crunchy Bridge", "ALTER SYSTEM SET wal_level"),
            ("supabase_admin", "Supabase", "Have Supabase"), ("tsdbadmin", "Timescale", "Have Timescale"), ("fly-user", "Fly.io", "Have Fly.io"),
        })
        {
            await server.ExecuteAsync($"CREATE ROLE \"{role}\"");
            var report = await Checked.AskAsync(server.UriOf("postgres"));
            Assert.Equal($"the source is at {name}", report.MustHave("PB1017", Severity.Notice).Message);
            Assert.Contains(fix, report.MustHave("PB1020", Severity.Blocker).Fix, StringComparison.Ordinal);
            await server.ExecuteAsync($"DROP ROLE \"{role}\"");
        }
    }

    [Fact]
    public async Task PB1026_a_home_without_replication_is_refused_by_name()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync($"ALTER DATABASE {source.Name} SET extwlist.extensions = 'citext'");
        Assert.Contains("Heroku", (await Checked.AskAsync(source)).MustHave("PB1026", Severity.Blocker).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PB1057_schemas_of_the_platform_are_named_with_the_option_that_leaves_them_out()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        await source.ExecuteAsync(
            $"""
            ALTER DATABASE {source.Name} SET supautils.reserved_roles = 'x';
            CREATE SCHEMA auth; CREATE TABLE auth.users (id int PRIMARY KEY); CREATE TABLE mine (id int PRIMARY KEY REFERENCES auth.users);
            """);
        Assert.Contains("-N \"auth\"", (await Checked.AskAsync(source)).MustHave("PB1057", Severity.Notice).Fix, StringComparison.Ordinal);
        var options = Checked.Options(source.Uri) with { ExcludedSchemas = ["auth"] };
        Assert.DoesNotContain((await Migration.CheckAsync(options, default)).Findings, finding => finding.Code == "PB1057" && finding.Severity > Severity.Ok);
    }

    [Theory]
    [InlineData("ep-cool-name-123456.us-east-2.aws.neon.tech", 5432, "Neon", "aws-us-east-2", null)]
    [InlineData("ep-cool-name-123456-pooler.c-2.eu-central-1.aws.neon.tech", 5432, "Neon", "aws-eu-central-1", "ep-cool-name-123456.c-2.eu-central-1.aws.neon.tech")]
    [InlineData("x.aws-us-east-1.pg.psdb.cloud", 6432, "PlanetScale Postgres", "aws-us-east-1", "x.aws-us-east-1.pg.psdb.cloud:5432")]
    [InlineData("shop.abc123.eu-west-1.rds.amazonaws.com", 5432, "Amazon RDS", "aws-eu-west-1", null)]
    [InlineData("shop.proxy-abc123.eu-west-1.rds.amazonaws.com", 5432, "Amazon RDS", "aws-eu-west-1", "the endpoint of the instance or cluster behind the proxy")]
    [InlineData("shop.cluster-abc123.eu-west-1.rds.amazonaws.com", 5432, "Amazon Aurora PostgreSQL", "aws-eu-west-1", null)]
    [InlineData(
        "shop.cluster-ro-abc123.eu-west-1.rds.amazonaws.com", 5432, "Amazon Aurora PostgreSQL", "aws-eu-west-1",
        "shop.cluster-abc123.eu-west-1.rds.amazonaws.com")]
    [InlineData("Shop.Postgres.Database.Azure.com", 6432, "Azure Database for PostgreSQL", null, "Shop.Postgres.Database.Azure.com:5432")]
    [InlineData("aws-0-eu-central-1.pooler.supabase.com", 6543, "Supabase", "aws-eu-central-1", "db.PROJECT.supabase.co:5432")]
    [InlineData("db.abcdefghijklmnopqrst.supabase.co", 5432, "Supabase", null, null)]
    [InlineData("x-do-user-1.db.ondigitalocean.com", 25061, "DigitalOcean", null, "x-do-user-1.db.ondigitalocean.com:25060")]
    [InlineData("pg-1.aivencloud.com", 12345, "Aiven", null, null)]
    [InlineData("dpg-abc-a.oregon-postgres.render.com", 5432, "Render", "oregon", null)]
    [InlineData("pgbouncer.abc.flympg.net", 5432, "Fly.io", null, "direct.abc.flympg.net")]
    [InlineData("abc.proxy.rlwy.net", 30123, "Railway", null, null)]
    [InlineData("p.abc.db.postgresbridge.com", 5431, "Crunchy Bridge", null, "p.abc.db.postgresbridge.com:5432")]
    [InlineData("/cloudsql/shop:europe-west3:main", 5432, "Cloud SQL", "gcp-europe-west3", null)]
    [InlineData("a.b.tsdb.cloud.timescale.com", 30000, "Timescale", null, null)]
    [InlineData("db.example.com", 5432, "self-hosted", null, null)]
    [InlineData("neon.tech.example.com", 5432, "self-hosted", null, null)]
    public void a_host_tells_provider_region_and_the_direct_way(string host, int port, string name, string? region, string? direct)
    {
        var signs = new ServerSigns(host, port, "app", "shop", new HashSet<string>(), IsSuperuser: false);
        var provider = Home.Of(signs);
        Assert.Equal((name, region, direct), (provider.Name, provider.RegionOf(signs), provider.DirectInsteadOf(signs)));
    }

    [Theory]
    [InlineData("aws-eu-central-1", "Frankfurt")]
    [InlineData("gcp-europe-west3", "Frankfurt")]
    [InlineData("aws-us-east-1-2", "Virginia")] // A cell of a provider there.
    [InlineData("oregon", "Oregon")]
    [InlineData("mars-north-1", null)]
    public void a_region_is_somewhere_on_earth(string region, string? place) => Assert.Equal(place, Places.Of(region));

    [Fact]
    public void a_host_of_one_provider_does_not_hide_the_signs_of_another()
        => Assert.Equal(
            "Amazon RDS",
            Home.Of(new ServerSigns("db.example.neon.tech", 5432, "app", "shop", new HashSet<string> { "setting:rds" }, IsSuperuser: false)).Name);

    [Fact]
    public void a_heroku_database_on_rds_is_told_by_its_generated_names()
        => Assert.Equal(
            "Heroku Postgres",
            Home.Of(new ServerSigns(
                "c1.cluster-abc123.us-east-1.rds.amazonaws.com", 5432, "u4k2l1m9n0p3q7", "d8f7g6h5j4k3l2", new HashSet<string> { "setting:rds", "role:rds_superuser" },
                IsSuperuser: false)).Name);

    [Fact]
    public void every_provider_has_a_name_of_its_own_and_says_how_settings_are_changed()
    {
        var all = Home.All.ToList();
        Assert.Equal(all.Count, all.Select(provider => provider.Name).Distinct().Count());
        Assert.All(all, provider => Assert.Contains("max_wal_senders", provider.Set("max_wal_senders", "20", restarts: true), StringComparison.Ordinal));
        Assert.All(all.Where(provider => provider.CannotPublish is null), provider => Assert.NotEmpty(provider.EnableLogicalReplication));
    }
}
