namespace PgBaton;

/// <summary>Who speaks the protocol on the connections that carry the stream of changes and the rows of the copy.</summary>
public enum StreamWire
{
    /// <summary>pgbaton itself, with a tenth of the driver's work for a message.</summary>
    Own,

    /// <summary>Npgsql, as on every other connection.</summary>
    Npgsql,
}
