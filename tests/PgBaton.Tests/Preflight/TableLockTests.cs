using Npgsql;

namespace PgBaton.Tests.Preflight;

public sealed class TableLockTests
{
    [Fact]
    public async Task PB0116_names_who_locks_a_table_instead_of_waiting_for_it()
    {
        await using var server = await OwnServer.StartAsync(TestServer.Source.Major);
        await server.ExecuteAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using (var holder = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres;Pooling=false;Application Name=rewriter"))
        {
            await holder.OpenAsync();
            await using var held = new NpgsqlCommand("BEGIN; LOCK TABLE t", holder);
            await held.ExecuteNonQueryAsync();

            var failure = await Assert.ThrowsAsync<MigrationException>(() => Checked.AskAsync(server.UriOf("postgres")));
            Assert.Equal(("PB0116", ExitCode.Failed), (failure.Code, failure.ExitCode));
            Assert.Contains("public.t by session ", failure.Detail, StringComparison.Ordinal);
            Assert.Contains("(rewriter)", failure.Detail, StringComparison.Ordinal);
        }

        Assert.DoesNotContain((await Checked.AskAsync(server.UriOf("postgres"))).Findings, finding => finding.Severity == Severity.Blocker);
    }
}
