using Npgsql;
using PgBaton.Postgres;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Demo.Proofs;

/// <summary>Tables, columns, indexes, constraints, triggers, views, functions, types, sequences, comments and grants are the same.</summary>
static class SchemaProof
{
    public static Task<List<string>> LinesAsync(NpgsqlConnection connection, CancellationToken ct)
        => connection.QueryAsync(EmbeddedText.Read("schema-lines.sql"), row => row.GetString(0), ct);

    /// <param name="before">Of the source, before anything was done to it.</param>
    /// <param name="source">Now.</param>
    /// <param name="target">Now.</param>
    public static IEnumerable<Proof> Compare(IReadOnlyList<string> before, IReadOnlyList<string> source, IReadOnlyList<string> target) =>
    [
        Compare("the target's schema is the source's", before, target),
        Compare("the source's schema is what it was", before, source),
    ];

    static Proof Compare(string claim, IReadOnlyList<string> before, IReadOnlyList<string> now)
    {
        List<string> differences = [.. before.Except(now).Select(line => $"gone: {line}"), .. now.Except(before).Select(line => $"new: {line}")];
        return new Proof(claim, differences.Count == 0 && before.Count == now.Count && before.Count > 0,
            differences.Count == 0 ? $"{Many(before.Count, "definition")}" : string.Join("; ", differences.Select(OneLine)));
    }
}
