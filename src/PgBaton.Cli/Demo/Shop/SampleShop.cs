using System.Text.RegularExpressions;
using PgBaton.Cli.Demo.Servers;
using PgBaton.Postgres;

namespace PgBaton.Cli.Demo.Shop;

/// <summary>The database that the demo moves.</summary>
static partial class SampleShop
{
    public const string Database = "shop";

    /// <summary>The application's role: no superuser, owns nothing.</summary>
    public const string Role = "shop_app";

    /// <summary>What a target must have before: the role, which is no part of a database, and an empty database.</summary>
    public static async Task CreateDatabaseAsync(ThrowawayServer server, string password, CancellationToken ct)
    {
        await using var connection = await server.OpenAsync("postgres", ct);
        await connection.ExecuteAsync($"CREATE ROLE {Role} LOGIN PASSWORD {Sql.Literal(password)}", ct);
        await connection.ExecuteAsync($"CREATE DATABASE {Database} TEMPLATE template0", ct);
    }

    /// <summary>Tables, rows and keys, as shop.sql has them.</summary>
    /// <param name="server">Holds the database already.</param>
    /// <param name="size">How many rows.</param>
    /// <param name="seed">Equal seeds, equal rows.</param>
    /// <param name="ct">Leaves it half done.</param>
    public static async Task LoadAsync(ThrowawayServer server, ShopSize size, int seed, CancellationToken ct)
    {
        var sections = Section().Split(EmbeddedText.Read("shop.sql"));
        await using var connection = await server.OpenAsync(Database, ct);
        await connection.ExecuteAsync(sections[1], ct);
        var statements = new Queue<string>(Name().Replace(sections[2].Trim(), name => $"{size.Names[name.Groups[1].Value]}")
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries));
        await Task.WhenAll(FillAsync(), FillAsync()); // Two sessions, one queue.
        await connection.ExecuteAsync(sections[3], ct);

        async Task FillAsync()
        {
            await using var session = await server.OpenAsync(Database, ct);
            await session.ExecuteAsync(Invention(seed), ct);
            while (Next() is { } statement)
                await session.ExecuteAsync(statement, ct);
        }

        string? Next()
        {
            lock (statements)
                return statements.TryDequeue(out var statement) ? statement : null;
        }
    }

    // Numbers that look random and are the same every time.
    static string Invention(int seed) => $"""
        SET synchronous_commit = off;
        CREATE FUNCTION pg_temp.pick(i bigint, salt bigint, below bigint) RETURNS integer LANGUAGE sql IMMUTABLE
            RETURN ((pg_catalog.hashint8extended(i, salt + {seed} * 1000::bigint) & 9223372036854775807) % below)::integer;
        CREATE FUNCTION pg_temp.price(i bigint, salt bigint) RETURNS numeric LANGUAGE sql IMMUTABLE
            RETURN 1 + ((pg_catalog.hashint8extended(i, salt + {seed} * 1000::bigint) & 9223372036854775807) % 50000) / 100.0
        """;

    [GeneratedRegex("^-- @section .*$", RegexOptions.Multiline)]
    private static partial Regex Section();

    // :name, but not ::type and not 00:00.
    [GeneratedRegex(@"(?<![:\w]):([a-z]+)")]
    private static partial Regex Name();
}
