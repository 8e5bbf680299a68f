namespace PgBaton.Tests.Preflight;

/// <summary>One fault in an otherwise healthy pair of databases.</summary>
/// <param name="Code">Of the finding that must name it.</param>
/// <param name="Severity">That it must have.</param>
/// <param name="OnSource">What is wrong there; <c>$db</c> is the database.</param>
/// <param name="OnTarget">What is wrong there.</param>
sealed record Plant(string Code, Severity Severity, string OnSource, string OnTarget = "")
{
    /// <summary>The check connects as an ordinary role: its attributes.</summary>
    public string? SourceRole { get; init; }

    /// <summary>What that role gets; <c>$role</c> is its name.</summary>
    public string SourceGrants { get; init; } = "GRANT CREATE ON DATABASE $db TO $role; ALTER TABLE healthy OWNER TO $role";

    /// <summary>The same on the target, without any grant unless named.</summary>
    public string? TargetGrants { get; init; }

    /// <summary>Behind CREATE DATABASE.</summary>
    public (string Source, string Target) Databases { get; init; } = ("", "");

    public Func<MigrationOptions, MigrationOptions> With { get; init; } = options => options;

    public async Task<CheckReport> AskAsync()
    {
        await using var source = await TestServer.Source.CreateDatabaseAsync(Databases.Source);
        await using var target = await TestServer.Target.CreateDatabaseAsync(Databases.Target);
        await source.ExecuteAsync("CREATE TABLE healthy (id int PRIMARY KEY, v text); CREATE VIEW fine AS SELECT 1 AS one");
        await RunAsync(source, OnSource);
        await RunAsync(target, OnTarget);
        await using var from = SourceRole is null ? null : await TestRole.CreateAsync(source, SourceRole, SourceGrants.Replace("$db", source.Name, StringComparison.Ordinal));
        await using var to = TargetGrants is null ? null : await TestRole.CreateAsync(target, "", TargetGrants.Replace("$db", target.Name, StringComparison.Ordinal));
        return await Migration.CheckAsync(With(Checked.Options(from?.Uri ?? source.Uri, to?.Uri ?? target.Uri)), CancellationToken.None);
    }

    // Empty commands are nothing to send.
    static Task RunAsync(TestDatabase database, string sql)
        => sql.Length == 0 ? Task.CompletedTask : database.ExecuteAsync(sql.Replace("$db", database.Name, StringComparison.Ordinal));
}
