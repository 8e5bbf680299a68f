namespace PgBaton;

/// <summary>Who speaks the protocol on the connections that carry the stream of changes and the rows of the copy.</summary>
public enum StreamWire
{
    /// <summary>pgbaton itself, which does less for a message than a driver that serves everybody.</summary>
    Own,

    /// <summary>Npgsql, as on every other connection.</summary>
    Npgsql,
}
