using Npgsql;
using PgBaton.Catalog;
using PgBaton.Postgres;

namespace PgBaton.Sequences;

/// <summary>Where a sequence stands: what <c>setval(name, last_value, is_called)</c> takes.</summary>
/// <param name="Name">Qualified and quoted.</param>
/// <param name="IsCalled">False: the next value is <paramref name="LastValue"/> itself.</param>
/// <param name="Definition">Step, bounds and the like, as ALTER SEQUENCE takes them; empty where the target's own is to stay.</param>
sealed record SequenceState(string Name, long LastValue, bool IsCalled, string Definition)
{
    // One query reads this many sequences: enough to make round trips cheap, few enough for any server's parser and lock table.
    const int AtATime = 200;

    /// <summary>Read from the sequences themselves, without taking a value; the view pg_sequences does not show <c>is_called</c>.</summary>
    /// <param name="connection">Either side.</param>
    /// <param name="sequences">Of that side.</param>
    /// <param name="withDefinition">They are to be defined alike, too.</param>
    /// <param name="ct">Breaks it off.</param>
    public static async Task<List<SequenceState>> ReadAsync(
        NpgsqlConnection connection, IEnumerable<Sequence> sequences, bool withDefinition, CancellationToken ct)
    {
        var states = new List<SequenceState>();
        foreach (var some in sequences.Chunk(AtATime))
        {
            var query = string.Join("\nUNION ALL ", some.Select((s, i) => $"SELECT {i}, last_value, is_called FROM {s.QualifiedName}"));
            states.AddRange(await connection.QueryAsync(
                query,
                row => some[row.GetInt32(0)] is var sequence
                    ? new SequenceState(sequence.QualifiedName, row.GetInt64(1), row.GetBoolean(2), withDefinition ? sequence.Definition : "")
                    : null!,
                ct));
        }

        return states;
    }

    /// <summary>So many steps further; one whose bounds are nearer than that stays where it is.</summary>
    public SequenceState Ahead(Sequence sequence, int steps)
    {
        var value = LastValue + ((Int128)sequence.Increment * steps);
        return value < sequence.Minimum || value > sequence.Maximum ? this : this with { LastValue = (long)value };
    }

    /// <summary>setval cannot be rolled back, so whoever calls this has made sure before that it may write.</summary>
    public static Task WriteAsync(NpgsqlConnection connection, IReadOnlyCollection<SequenceState> states, CancellationToken ct)
        => connection.QueryValueAsync<long>(
            """
            SELECT count(pg_catalog.setval(s.name::pg_catalog.regclass, s.last_value, s.is_called))
              FROM ROWS FROM (unnest($1::text[]), unnest($2::bigint[]), unnest($3::bool[])) AS s (name, last_value, is_called)
            """,
            ct, states.Select(s => s.Name).ToArray(), states.Select(s => s.LastValue).ToArray(), states.Select(s => s.IsCalled).ToArray());
}
