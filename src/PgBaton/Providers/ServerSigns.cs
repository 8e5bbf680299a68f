namespace PgBaton.Providers;

/// <summary>What gives a server's home away. A name of one's own in front of it changes the host, but nothing that the server says.</summary>
/// <param name="Host">As the connection string has it.</param>
/// <param name="Port">Poolers have ports of their own.</param>
/// <param name="User">Our role.</param>
/// <param name="Database">Its name.</param>
/// <param name="Said">What is there, as <c>serverFacts.sql</c> writes it: <c>setting:rds</c>, <c>role:neon_superuser</c>, <c>schema:…</c>, <c>function:…</c>.</param>
/// <param name="IsSuperuser">Our role is one; hardly any provider has that to give.</param>
sealed record ServerSigns(string Host, int Port, string User, string Database, IReadOnlySet<string> Said, bool IsSuperuser)
{
    public bool HasSetting(string prefix) => Said.Contains($"setting:{prefix}");

    public bool HasRole(string name) => Said.Contains($"role:{name}");

    public bool HasSchema(string name) => Said.Contains($"schema:{name}");

    public bool HasFunction(string name) => Said.Contains($"function:{name}");

    /// <summary>The host ends like this; upper and lower case are the same in a host.</summary>
    public bool HostEnds(string ending) => Host.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    /// <summary>The host's labels, from the front.</summary>
    public string[] Labels => Host.ToLowerInvariant().Split('.');
}
