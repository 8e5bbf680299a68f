using PgBaton.Cli.Options;

namespace PgBaton.Tests.Cli;

public sealed class ArgumentsTests
{
    static readonly string[] _both = ["--source", "postgresql://a@h/d", "--target", "postgresql://b@h/d"];

    static MigrationOptions Read(string[] args, Dictionary<string, string>? environment = null)
    {
        var scope = new ScopeOptions();
        var root = new System.CommandLine.RootCommand { GlobalOptions.Source, GlobalOptions.Target, GlobalOptions.Name };
        var migrate = new System.CommandLine.Command("migrate");
        scope.AddTo(migrate);
        root.Add(migrate);
        string[] all = ["migrate", .. _both, .. args];
        var parsed = root.Parse(all);
        parsed = root.Parse([.. all, .. EnvironmentOptions.Missing(parsed, name => environment?.GetValueOrDefault(name))]);
        Assert.Empty(parsed.Errors);
        return scope.Read(parsed);
    }

    [Fact]
    public void every_option_of_migrate_arrives()
    {
        var options = Read(
        [
            "-n", "shop", "-n", "\"Odd, Schema\"", "-N", "audit", "-t", "public.*", "-T", "tmp_*", "-j", "8", "--index-jobs=3",
            "--split-larger-than", "500MB", "--existing-schema", "--owners", "--privileges", "--replica-identity", "full",
            "--pg-bin", "/opt/pg/bin", "--slot-timeout", "5min", "--ignore", "PB1001", "--ignore", "PB1002", "--name", "shop_2",
        ]);

        Assert.Equal(["shop", "\"Odd, Schema\""], options.Schemas);
        Assert.Equal(["audit"], options.ExcludedSchemas);
        Assert.Equal(["public.*"], options.Tables);
        Assert.Equal(["tmp_*"], options.ExcludedTables);
        Assert.Equal((8, 3, 500L << 20), (options.Jobs, options.IndexJobs, options.SplitLargerThan));
        Assert.True(options is { ExistingSchema: true, Owners: true, Privileges: true, ReplicaIdentityFull: true });
        Assert.Equal(("/opt/pg/bin", TimeSpan.FromMinutes(5), "shop_2"), (options.PgBin, options.SlotTimeout, options.Name));
        Assert.Equal(["PB1001", "PB1002"], options.IgnoredFindings);
    }

    [Fact]
    public void what_is_not_given_has_the_defaults_of_the_library()
    {
        var options = Read([]);

        Assert.Equivalent(new MigrationOptions { Source = _both[1], Target = _both[3] }, options);
    }

    [Fact]
    public void variables_stand_in_for_options_and_arguments_win()
    {
        var environment = new Dictionary<string, string>
        {
            ["PGBATON_SCHEMA"] = "shop, \"Odd, Schema\" third", ["PGBATON_JOBS"] = "7", ["PGBATON_INDEX_JOBS"] = "6",
            ["PGBATON_OWNERS"] = "1", ["PGBATON_PRIVILEGES"] = "off", ["PGBATON_TARGET"] = "postgresql://c@h/d",
        };
        var options = Read(["--jobs", "9"], environment);

        Assert.Equal(["shop", "\"Odd, Schema\"", "third"], options.Schemas);
        Assert.Equal((9, 6), (options.Jobs, options.IndexJobs));
        Assert.True(options is { Owners: true, Privileges: false });
        Assert.Equal(_both[3], options.Target);
    }

    [Fact]
    public void the_variable_of_an_option_is_its_name_in_capitals()
        => Assert.Equal("PGBATON_SPLIT_LARGER_THAN", EnvironmentOptions.Variable("--split-larger-than"));

    [Theory]
    [InlineData("1GB", 1L << 30)]
    [InlineData("500MB", 500L << 20)]
    [InlineData("1.5 kB", 1536)]
    [InlineData("8192", 8192)]
    [InlineData("2tb", 2L << 40)]
    public void sizes_are_read_as_postgresql_reads_them(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("1 furlong")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1.2.3")]
    [InlineData("99999999999999TB")]
    public void what_is_no_size_is_none(string text) => Assert.Null(ByteSize.Parse(text));

    [Theory]
    [InlineData("30", 30d)]
    [InlineData("500ms", 0.5)]
    [InlineData("5min", 300d)]
    [InlineData("1.5h", 5400d)]
    [InlineData("soon", null)]
    [InlineData("-3", null)]
    [InlineData("0", null)]
    public void durations_are_read_as_postgresql_reads_them(string text, double? seconds) => Assert.Equal(seconds, Duration.Seconds(text));

    [Fact]
    public void a_filter_file_is_read_as_pg_dump_reads_it()
    {
        var filter = FilterFile.Parse("f", ["# comment", "", "include table public.*  # all", "exclude schema audit", "exclude table \"a # b\"", "  include\tschema  shop "]);

        Assert.Equal(["public.*"], filter.Tables);
        Assert.Equal(["audit"], filter.ExcludedSchemas);
        Assert.Equal(["\"a # b\""], filter.ExcludedTables);
        Assert.Equal(["shop"], filter.Schemas);
    }

    [Theory]
    [InlineData("include extension hstore", "\"extension\" is not supported")]
    [InlineData("keep table x", "\"keep\" is neither")]
    [InlineData("include table", "three words")]
    public void a_rule_that_would_have_no_effect_is_refused(string line, string why)
    {
        var error = Assert.Throws<MigrationException>(() => FilterFile.Parse("rules.txt", ["# first", line]));

        Assert.Equal(("PB0021", ExitCode.Usage), (error.Code, error.ExitCode));
        Assert.Contains($"rules.txt, line 2: {why}", error.Message, StringComparison.Ordinal);
    }
}
