using System.Text.RegularExpressions;
using PgBaton.Catalog;
using PgBaton.Postgres;
using PgBaton.Preflight;
using PgBaton.Providers;

namespace PgBaton.Runbook;

/// <summary>What the commands of a plan are made from.</summary>
/// <param name="Name">Of publication, slot and subscription.</param>
/// <param name="Tables">In scope, that hold rows and are logged.</param>
/// <param name="Views">Materialized ones that are filled; in an order in which they can be refreshed.</param>
/// <param name="Held">Of the target's tables, what would act on replicated rows.</param>
/// <param name="GeneratedKeys">Tables whose rows a subscription could not find again: a generated column is part of their primary key.</param>
/// <param name="LeftOut">Extensions that the target lacks, and nothing in scope needs.</param>
/// <param name="OwnsPublic">The target's role may comment on the schema public.</param>
/// <param name="Owners">Of the tables in scope, other than our role.</param>
/// <param name="TargetVersion">Null without a target.</param>
/// <param name="TargetProvider">Null without a target.</param>
/// <param name="OwnsSourceDatabase">Our role may alter it.</param>
/// <param name="OwnName">Of the migration with pgbaton; null while the target is still to be chosen.</param>
sealed partial record PlanFacts(
    string Name, PlanServer Source, PlanServer Target, MigrationOptions Options, IReadOnlyList<Table> Tables, IReadOnlyList<Sequence> Sequences,
    IReadOnlyList<string> Views, IReadOnlyList<Held> Held, IReadOnlyList<string> GeneratedKeys, IReadOnlyList<string> LeftOut, bool OwnsPublic, IReadOnlyList<TableOwner> Owners, ServerVersion SourceVersion, ServerVersion? TargetVersion, Provider SourceProvider,
    Provider? TargetProvider, string? OwnName, PlanAddresses? Addresses, bool OwnsSourceDatabase)
{
    public static async Task<PlanFacts> ReadAsync(Servers servers, ConnectionString from, ConnectionString? to, CancellationToken ct)
    {
        var source = servers.Source;
        var target = servers.Has(Needs.Target) ? servers.Target : null;
        var views = await source.Connection.QueryAsync(
            "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND c.relispopulated ORDER BY c.oid",
            row => (Schema: row.GetString(0), Name: row.GetString(1)), ct);
        return new PlanFacts(
            NameOf(source.Server.Database), PlanServer.Of("SOURCE", from, source.Server.Host), to is null ? PlanServer.Open : PlanServer.Of("TARGET", to, target!.Server.Host), servers.Options,
            [.. servers.Tables.Select(table => table.Table).Where(table => table.IsLogged).OrderBy(table => table.QualifiedName, StringComparer.Ordinal)],
            await Sequence.ListAsync(source.Connection, servers.Scope, ct),
            [.. views.Where(view => servers.Scope.Includes(view.Schema, view.Name)).Select(view => Sql.Identifier(view.Schema, view.Name))],
            await Runbook.Held.ListAsync(servers, ct),
            await GeneratedIdentity.KeysAsync(source.Connection, servers.Tables.Select(table => table.Table), ct),
            target is null ? [] : await Extensions.LeftOutAsync(servers, ct),
            target is null || await target.Connection.QueryFirstAsync("SELECT pg_catalog.pg_has_role(nspowner, 'USAGE') FROM pg_catalog.pg_namespace WHERE nspname = 'public'", row => row.GetBoolean(0), ct),
            [.. servers.Tables.Select(table => table.Owner).Where(owner => owner.Name != source.Server.User).Distinct().OrderBy(owner => owner.Name, StringComparer.Ordinal)],
            source.Version, target?.Version, source.Provider, target?.Provider,
            servers.Options.Name ?? (target is null ? null : new JournalHeader(source.Server, target.Server, servers.Options).DefaultName),
            target is null ? null : AddressesOf(source, target), source.Facts.OwnsDatabase);
    }

    static PlanAddresses AddressesOf(CheckedServer source, CheckedServer target)
    {
        var region = target.Provider.RegionOf(target.Signs);
        var known = region is null ? null : target.Provider.AddressesIn(region);
        return new(
            target.Provider.Name, region, known?.List ?? [], known?.AsOf, target.Provider.WhereItsAddressesAre,
            source.Provider.LetIn(known?.List ?? ["ADDRESS"], source.Server.Port));
    }

    /// <summary>Tables that UPDATE and DELETE could not be published of.</summary>
    public IEnumerable<Table> WithoutIdentity => Tables.Where(table => !table.HasIdentity);

    static string NameOf(string database)
    {
        var name = $"plan_{Strange().Replace(database.ToLowerInvariant(), "_")}";
        return name.Length > 60 ? name[..60] : name;
    }

    [GeneratedRegex("[^a-z0-9_]")]
    private static partial Regex Strange();
}

/// <summary>How psql and pg_dump reach a server.</summary>
/// <param name="Keywords">libpq's, without the password.</param>
/// <param name="User">Whose password is asked for.</param>
/// <param name="NeedsPassword">We have one.</param>
/// <param name="Database">Its name.</param>
/// <param name="Uri">What the application connects to; without the password.</param>
sealed record PlanServer(string Keywords, string User, bool NeedsPassword, string Database, string Uri)
{
    /// <summary>A target that is still to be chosen.</summary>
    public static PlanServer Open => new("host=NEW_HOST port=5432 dbname=NEW_DATABASE user=NEW_USER sslmode=require", "NEW_USER", NeedsPassword: true, "NEW_DATABASE", "postgresql://NEW_USER@NEW_HOST:5432/NEW_DATABASE?sslmode=require");

    // Where several hosts are named: the one that answered.
    public static PlanServer Of(string side, ConnectionString connectionString, string host)
    {
        var at = connectionString.Settings.FirstOrDefault(settings => settings.Host == host) ?? connectionString.Settings[0];
        var variables = LibpqEnvironment.Of(at);
        var keywords = new List<string> { $"host={Quote(variables["PGHOST"])}", $"port={variables["PGPORT"]}", $"dbname={Quote(variables["PGDATABASE"])}", $"user={Quote(variables["PGUSER"])}", $"sslmode={variables["PGSSLMODE"]}" };
        foreach (var (variable, keyword) in (ReadOnlySpan<(string, string)>)[("PGSSLROOTCERT", "sslrootcert"), ("PGSSLCERT", "sslcert"), ("PGSSLKEY", "sslkey")])
        {
            if (variables.TryGetValue(variable, out var value))
                keywords.Add($"{keyword}={Quote(value)}");
        }

        var uri = $"postgresql://{System.Uri.EscapeDataString(at.Username!)}@{(at.Host!.Contains(':', StringComparison.Ordinal) ? $"[{at.Host}]" : System.Uri.EscapeDataString(at.Host))}:{variables["PGPORT"]}/{System.Uri.EscapeDataString(at.Database!)}?sslmode={variables["PGSSLMODE"]}";
        return new(string.Join(' ', keywords), at.Username!, !string.IsNullOrEmpty(at.Password), at.Database!, uri);
    }

    // As libpq reads a value: in quotes where it must, with a backslash before what ends them.
    static string Quote(string value)
        => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or ':')
            ? value
            : $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
