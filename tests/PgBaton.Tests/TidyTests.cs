using System.Reflection;
using System.Text.RegularExpressions;
using PgBaton.Catalog;

namespace PgBaton.Tests;

/// <summary>The rules of ARCHITECTURE.md and CONTRIBUTING.md that a machine can check.</summary>
public sealed partial class TidyTests
{
    static readonly string _root = Root(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Which folders of the library may use which. The root (Migration.cs and the journal) is everybody's, and uses everybody.</summary>
    static readonly Dictionary<string, string[]> _mayUse = new()
    {
        ["Postgres"] = [],
        ["Postgres/Wire"] = ["Postgres"],
        ["Catalog"] = ["Postgres"],
        ["Gate"] = ["Catalog", "Postgres"],
        ["Schema"] = ["Catalog", "Postgres", "Gate"],
        ["Copy"] = ["Catalog", "Postgres", "Schema"],
        ["Relay"] = ["Catalog", "Postgres", "Gate"],
        ["Sequences"] = ["Catalog", "Postgres"],
        ["Verify"] = ["Catalog", "Postgres", "Relay"],
        ["Subscription"] = ["Catalog", "Gate", "Postgres", "Relay"],
        ["Tables"] = ["Catalog", "Copy", "Gate", "Postgres", "Relay", "Schema"],
        ["Offline"] = ["Catalog", "Copy", "Gate", "Postgres", "Verify"],
        ["Cutover"] = ["Catalog", "Copy", "Postgres", "Gate", "Preflight", "Relay", "Schema", "Sequences", "Verify"],
        ["Preflight"] = ["Catalog", "Postgres", "Providers", "Relay", "Schema", "Subscription"],
        ["Providers"] = [],
        ["ControlPlane"] = ["Postgres", "Providers"],
        ["Onlookers"] = [],
        ["Runbook"] = ["Catalog", "Postgres", "Preflight", "Providers"],
        ["Evidence"] = ["Postgres", "Status", "Verify"],
        ["Status"] = ["Catalog", "Postgres", "Cutover", "Gate"],
    };

    [Fact]
    public void folders_use_only_what_is_on_the_list()
        => Assert.Empty(
            from file in Sources("src/PgBaton")
            let folder = Path.GetRelativePath($"{_root}/src/PgBaton", Path.GetDirectoryName(file)!)
            where folder != "."
            from Match use in UsingOurs().Matches(File.ReadAllText(file))
            where use.Groups[1].Value != folder && !_mayUse[folder].Contains(use.Groups[1].Value)
            select $"{folder}/{Path.GetFileName(file)}: {use.Value}");

    [Fact]
    public void no_file_is_longer_than_300_lines()
        => Assert.Empty(
            from file in Sources("src").Concat(Sources("tests"))
            let lines = File.ReadLines(file).Count()
            where lines > 300
            select $"{file}: {lines}");

    [Fact]
    public void the_web_sees_the_library_from_outside()
    {
        var friends = typeof(Migration).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);
        Assert.DoesNotContain("PgBaton.Web", friends);
        Assert.Empty(
            from file in Sources("src/PgBaton.Web")
            from Match use in UsingOurs().Matches(File.ReadAllText(file))
            where use.Groups[1].Value is not ("Evidence" or "ControlPlane") // The report's records; orders to providers.
            select $"{Path.GetFileName(file)}: {use.Value}");
    }

    [Fact]
    public void the_object_that_is_passed_to_everything_stays_small()
    {
        var members = typeof(Migration)
            .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Select(property => property.Name);
        Assert.Equal(["Direction", "Fence", "Goal", "Journal", "Milestone", "Options", "Source", "Target", "Time"], members.Order());
    }

    [Fact]
    public void every_step_has_a_name_and_the_fenced_ones_stand_together()
    {
        var names = Migration.Steps.Select(step => step.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Equal(["follow", .. Migration.Steps.Where(step => step.IsFenced).Select(step => step.Name), "return"], names[names.IndexOf("follow")..(names.IndexOf("return") + 1)]);
        Assert.All(Migration.Steps, step => Assert.Equal(step.Undo is null, step.UndoAsync is null));
    }

    [Fact]
    public void the_concepts_page_shows_the_table_of_steps()
    {
        var rows = string.Concat(Migration.Steps.Select(step => $"| {step.Name} | {step.Summary} | {step.Undo} |\n"));
        Assert.Contains(rows, File.ReadAllText($"{_root}/docs/concepts.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void every_error_code_has_a_page_and_every_page_a_code()
    {
        var thrown = Sources("src").SelectMany(file => Code().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        var pages = Directory.EnumerateFiles($"{_root}/docs/errors", "PB*.md").Concat(Directory.EnumerateFiles($"{_root}/docs/checks", "PB*.md"))
            .Select(path => Path.GetFileNameWithoutExtension(path)).ToHashSet();
        Assert.Empty(thrown.Except(pages).Order());
        Assert.Empty(pages.Except(thrown).Order());
    }

    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    public async Task every_catalog_query_prepares(int major)
    {
        await using var database = await TestServer.Of(major).CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        foreach (var query in typeof(Query).GetProperties(BindingFlags.Static | BindingFlags.Public))
        {
            await using var command = new Npgsql.NpgsqlCommand($"PREPARE q AS {query.GetValue(null)}; DEALLOCATE q", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public void the_invariants_of_the_architecture_name_tests_that_exist()
    {
        var methods = Sources("tests").SelectMany(file => TestMethod().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        var named = InvariantTest().Matches(File.ReadAllText($"{_root}/ARCHITECTURE.md")).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(methods));
    }

    [Fact]
    public void the_page_of_cases_names_every_scenario_file_and_no_other()
    {
        var files = Directory.EnumerateFiles($"{_root}/tests/PgBaton.Tests/Cases", "*.sql").Select(file => Path.GetFileName(file)[..2]).ToList();
        var named = CaseRows().Matches(File.ReadAllText($"{_root}/docs/cases.md")).SelectMany(row => CaseName().Matches(row.Groups[1].Value)).Select(name => name.Value).ToHashSet();
        Assert.Equal(files.Distinct().Count(), files.Count);
        Assert.Empty(files.Except(named).Order());
        Assert.Empty(named.Except(files).Order());
    }

    static IEnumerable<string> Sources(string folder)
        => Directory.EnumerateFiles($"{_root}/{folder}", "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/artifacts/", StringComparison.Ordinal));

    // A deterministic build does not tell where the source was.
    static string Root(DirectoryInfo folder) => File.Exists($"{folder}/pgbaton.slnx") ? folder.FullName : Root(folder.Parent!);

    [GeneratedRegex(@"^using PgBaton\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex UsingOurs();

    // The second column, as far as it is a list of files.
    [GeneratedRegex(@"^\|[^|\n]+\|((?: [0-9a-z]{2}(?=[,; ])[,;]?)+)", RegexOptions.Multiline)]
    private static partial Regex CaseRows();

    [GeneratedRegex("[0-9a-z]{2}")]
    private static partial Regex CaseName();

    [GeneratedRegex("\"(PB\\d{4})\"")]
    private static partial Regex Code();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"\(held by `(\w+)`")]
    private static partial Regex InvariantTest();
}
