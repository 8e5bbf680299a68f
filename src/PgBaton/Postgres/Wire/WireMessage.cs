namespace PgBaton.Postgres.Wire;

/// <summary>A message of the server ("Message Formats"), still in the reader's buffer: it is gone when that is filled again.</summary>
/// <param name="kind">Its first byte.</param>
/// <param name="body">What follows its length.</param>
readonly ref struct WireMessage(byte kind, ReadOnlySpan<byte> body)
{
    public char Kind { get; } = (char)kind;

    public ReadOnlySpan<byte> Body { get; } = body;

    public WireFields Fields => new(Body);
}
