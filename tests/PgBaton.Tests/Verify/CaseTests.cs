namespace PgBaton.Tests.Verify;

/// <summary>On every scenario file, verification says of each table what the tests' own oracle says: equal where it is equal, and only there.</summary>
public sealed class CaseTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            // The later files are about schemas; what values can be is in the first.
            foreach (var name in CaseFile.Names.Where(name => string.CompareOrdinal(name, "60") < 0))
                cases.Add(name, 18);

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task agrees_with_the_oracle_on(string name, int targetMajor)
    {
        var file = new CaseFile(name);
        await using var databases = await TwoDatabases.CreateAsync(TestServer.Of(15), TestServer.Of(targetMajor));
        await CaseFile.PsqlAsync(databases.Source, file["schema"] + file["seed"]);
        await databases.CloneAsync();
        await AgreesAsync(databases);

        await CaseFile.PsqlAsync(databases.Target, file["cdc"]);
        await AgreesAsync(databases);
    }

    static async Task AgreesAsync(TwoDatabases databases)
    {
        var source = await RowOracle.ReadAsync(databases.Source);
        var target = await RowOracle.ReadAsync(databases.Target);
        var report = await databases.VerifyAsync();

        Assert.Equal(
            source.Keys.Order(StringComparer.Ordinal),
            report.Tables.Select(table => Oracle(table.Table)).Concat(report.NotCompared.Select(table => Oracle(table.Table))).Order(StringComparer.Ordinal));
        foreach (var table in report.Tables)
            Assert.True(
                table.IsEqual == (source[Oracle(table.Table)] == target.GetValueOrDefault(Oracle(table.Table))),
                $"{table.Table} equal: {table.IsEqual}; {table.Reason}; {string.Join(", ", table.Differences)}");

        // The oracle quotes only where it must.
        string Oracle(string quoted) => source.Keys.Single(key => Unquote(key) == Unquote(quoted));
    }

    static string Unquote(string name) => name.Replace("\"", "", StringComparison.Ordinal);
}
