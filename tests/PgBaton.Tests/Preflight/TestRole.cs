namespace PgBaton.Tests.Preflight;

/// <summary>A role of one test, gone with it and with all it owns in that database.</summary>
sealed class TestRole : IAsyncDisposable
{
    readonly TestDatabase _database;

    TestRole(TestDatabase database, string name, string password) => (_database, Name, Password) = (database, name, password);

    public string Name { get; }

    public string Password { get; }

    public string Uri => new UriBuilder(_database.Uri) { UserName = Name, Password = Password }.Uri.ToString();

    public static async Task<TestRole> CreateAsync(TestDatabase database, string attributes = "REPLICATION", string grants = "")
    {
        var role = new TestRole(database, $"role_{Guid.NewGuid():n}"[..20], $"canary-{Guid.NewGuid():n}");
        await database.ExecuteAsync($"CREATE ROLE {role.Name} LOGIN PASSWORD '{role.Password}' {attributes}; {grants.Replace("$role", role.Name, StringComparison.Ordinal)}");
        return role;
    }

    public async ValueTask DisposeAsync()
        => await _database.ExecuteAsync($"SET transaction_read_only = off; REASSIGN OWNED BY {Name} TO postgres; DROP OWNED BY {Name}; DROP ROLE {Name}");
}
