namespace PgBaton.Tests.Fidelity;

/// <summary>
/// The database that PostgreSQL's own regression tests leave behind, moved whole. What differs afterwards must stand, with its reason, in
/// Corpus/deviations.txt. Run by ./build corpus, which makes that database on the server of 15 and names it in PGBATON_CORPUS.
/// </summary>
[Trait("Category", "Corpus")]
[Trait("Length", "Long")]
public sealed class CorpusTests
{
    static readonly TimeSpan _patience = TimeSpan.FromMinutes(20);

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public async Task every_object_and_every_row_arrives_or_is_explained(int major)
    {
        var name = Environment.GetEnvironmentVariable("PGBATON_CORPUS");
        Assert.SkipWhen(name is null, "PGBATON_CORPUS names no database: ./build corpus");
        var source = new TestDatabase(TestServer.Of(15), name); // Not ours to drop.
        await using var target = await TestServer.Of(major).CreateDatabaseAsync();
        // What check asks for: a generated column in a key is in no stream before 18.
        await source.ExecuteAsync("ALTER TABLE gtest23p REPLICA IDENTITY FULL; ALTER TABLE gtest22b REPLICA IDENTITY FULL");
        await using var migration = Migration.Open(new MigrationOptions { Source = source.Uri, Target = target.Uri, ReplicaIdentityFull = true, Roles = true });
        List<string> reordered = [];
        migration.Happened += happened =>
        {
            if (happened is Warning { Code: "PB0318" } warning)
                reordered.Add(warning.Message.Replace("\"", "", StringComparison.Ordinal));
        };
        await migration.RunAsync(Goal.InSync).WaitAsync(_patience);
        await SayAsync(migration, "verify", new WordArguments());
        await SayAsync(migration, "cutover", new WordArguments { NoReverse = true, MaxDowntimeSeconds = 120 });
        await SayAsync(migration, "finish", new WordArguments { UnlockSource = true });

        var differences = await DifferencesAsync(source, target);
        var orders = differences.FindAll(line => line.StartsWith("columns of ", StringComparison.Ordinal));
        Assert.Equal(orders.Select(TableOf).Order(StringComparer.Ordinal), reordered.Select(TableOf).Order(StringComparer.Ordinal)); // Told of each, and of no other.
        differences.RemoveAll(orders.Contains);
        var explained = Explained(major);
        var unexplained = differences.FindAll(line => !explained.Exists(pattern => line.Contains(pattern, StringComparison.Ordinal)));
        Assert.Equal("", string.Join('\n', unexplained));
        var idle = explained.FindAll(pattern => !differences.Exists(line => line.Contains(pattern, StringComparison.Ordinal)));
        Assert.Equal("", string.Join('\n', idle)); // No excuse without its deviation.
    }

    // "columns of public.b: …", "the columns of table public.b will …"
    static string TableOf(string order)
        => order.Split(' ').SkipWhile(word => word != "of").Skip(1).First(word => word != "table").Replace("\"", "", StringComparison.Ordinal).TrimEnd(':');

    static async Task SayAsync(Migration migration, string word, WordArguments arguments)
    {
        var outcome = await migration.SayAsync(word, arguments).WaitAsync(_patience);
        Assert.True(outcome.ExitCode == 0, $"{word}: {outcome.Error?.Code} {outcome.Error?.Message} {outcome.Error?.Detail}");
    }

    static async Task<List<string>> DifferencesAsync(TestDatabase source, TestDatabase target)
    {
        await CaseOracle.RefreshAsync(source);
        var (before, after) = (await CaseOracle.ReadAsync(source), await CaseOracle.ReadAsync(target));
        var differences = before.Keys.Union(after.Keys).Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
            .Select(key => $"{key}: {before.GetValueOrDefault(key, "nothing")} -> {after.GetValueOrDefault(key, "nothing")}").ToList();
        var (expected, errors) = await SchemaOracle.ExpectWithErrorsAsync(source, target.Server);
        differences.AddRange(errors.Split('\n').Where(line => line.Contains("ERROR", StringComparison.Ordinal)).Select(line => $"psql: {line}"));
        var schema = (await SchemaOracle.ReadAsync(target)).Split('\n');
        differences.AddRange(expected.Split('\n').Except(schema).Select(line => $"- {line}"));
        differences.AddRange(schema.Except(expected.Split('\n')).Select(line => $"+ {line}"));
        return differences;
    }

    // "[17] text  # reason" or "text  # reason"; an empty line and one that begins with # say nothing.
    static List<string> Explained(int major)
        => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fidelity", "deviations.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Where(line => line[0] != '[' || line.StartsWith($"[{major}] ", StringComparison.Ordinal))
            .Select(line => line.Split("  # ")[0])
            .Select(text => text[0] == '[' ? text[5..] : text)];
}
