using PgBaton.Schema;

namespace PgBaton.Tests.Schema;

/// <summary>The target's role owns the database and is nothing else: it may not set session_replication_role.</summary>
public sealed class PlainOwnerTests
{
    // Only a superuser may have one.
    static string SchemaWithoutEventTrigger => string.Join('\n', SchemaRun.RichSchema.Split('\n').Where(line => !line.Contains("EVENT TRIGGER", StringComparison.Ordinal)));

    [Fact]
    public async Task foreign_keys_and_triggers_wait_for_the_opening()
    {
        var role = $"owner_{Guid.NewGuid():n}"[..20];
        await using var source = await TestServer.Source.CreateDatabaseAsync();
        Assert.DoesNotContain("ERROR", await CaseFile.PsqlAsync(source, SchemaWithoutEventTrigger), StringComparison.Ordinal);
        await using var target = await TestServer.Target.CreateDatabaseAsync();
        await target.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'secret'; ALTER DATABASE {target.Name} OWNER TO {role}");
        try
        {
            var uri = new UriBuilder(target.Uri) { UserName = role, Password = "secret" }.Uri.ToString();
            await using var migration = SchemaRun.Open(source.Uri, uri, options: null);
            await migration.ConnectAsync(default);
            Assert.False(await migration.Target.CanSetReplicaRoleAsync(default));
            await PreData.RunAsync(migration, default);
            await PostData.RunAsync(migration, default);
            Assert.Equal(0, await target.QueryAsync<long>("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace <> 'pgbaton'::regnamespace"));
            Assert.Equal(0, await target.QueryAsync<long>(
                "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgname <> 'pgbaton_gate' AND relnamespace <> 'pgbaton'::regnamespace"));

            await using (var session = await migration.Target.OpenAsync("open", default))
            {
                await using var transaction = await session.BeginTransactionAsync();
                await Opening.BeforeOpenAsync(migration, session, default);
                await transaction.CommitAsync();
            }

            Assert.Equal(0, await Opening.AfterOpenAsync(migration, default));
            Assert.Equal(await SchemaOracle.ExpectAsync(source, TestServer.Target), await SchemaOracle.ReadAsync(target));
        }
        finally
        {
            await target.ExecuteAsync($"DROP SCHEMA IF EXISTS pgbaton CASCADE; REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }
}
