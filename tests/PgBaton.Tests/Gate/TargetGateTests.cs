using Npgsql;
using PgBaton.Gate;
using PgBaton.Postgres;

namespace PgBaton.Tests.Gate;

public sealed class TargetGateTests
{
    [Fact]
    public async Task an_early_writer_is_refused_on_every_kind_of_table()
    {
        await using var pair = await GatePair.CreateAsync(SourceGateTests.EveryKindOfTable);
        await pair.CloseTargetAsync();
        foreach (var table in new[] { "plain", "root", "leaf", "parent", "child", "unlogged", "\"odd \"\"$do$ name\"" })
            Assert.Equal("25006", await GatePair.FailureAsync(pair.Target, $"INSERT INTO {table} VALUES (1, 'x')"));
    }

    [Fact]
    public async Task our_sessions_pass_and_may_freeze_what_they_copy()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.CloseTargetAsync();
        await using var ours = await pair.Migration.Target.OpenAsync("copy", CancellationToken.None);
        await using (var transaction = await ours.BeginTransactionAsync())
        {
            await ours.ExecuteAsync("TRUNCATE public.plain", CancellationToken.None);
            await using (var copy = await ours.BeginTextImportAsync("COPY public.plain FROM STDIN (FREEZE)"))
                await copy.WriteAsync("1\n2\n");
            await transaction.CommitAsync();
        }

        Assert.Equal(2L, await pair.Target.QueryAsync<long>("SELECT count(*) FROM plain"));
    }

    [Fact]
    public async Task a_former_engine_is_refused_after_the_token_is_renewed()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.CloseTargetAsync();
        await using var former = await pair.Migration.Target.OpenAsync("relay", CancellationToken.None);
        Assert.Null(await GatePair.FailureAsync(former, "INSERT INTO public.plain VALUES (1)"));
        await GateToken.RenewAsync(pair.Migration, CancellationToken.None);
        Assert.Equal("25006", await GatePair.FailureAsync(former, "INSERT INTO public.plain VALUES (2)"));
        await using var present = await pair.Migration.Target.OpenAsync("relay", CancellationToken.None);
        Assert.Null(await GatePair.FailureAsync(present, "INSERT INTO public.plain VALUES (3)"));
    }

    [Fact]
    public async Task closing_again_reaches_tables_made_since()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.CloseTargetAsync();
        await pair.Target.ExecuteAsync("CREATE TABLE late (id int)");
        await pair.CloseTargetAsync();
        Assert.Equal("25006", await GatePair.FailureAsync(pair.Target, "INSERT INTO late VALUES (1)"));
    }

    [Fact]
    public async Task what_a_refused_writer_reads_names_the_migration_and_what_to_do()
    {
        await using var pair = await GatePair.CreateAsync("CREATE TABLE plain (id int PRIMARY KEY)");
        await pair.CloseTargetAsync();
        await using var early = await pair.Target.OpenAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => early.ExecuteAsync("TRUNCATE plain", CancellationToken.None));
        Assert.Equal($"database \"{pair.Target.Name}\" is not open for writers yet", refused.MessageText);
        Assert.Contains(pair.Migration.Journal.Name, refused.Hint, StringComparison.Ordinal);
    }
}
