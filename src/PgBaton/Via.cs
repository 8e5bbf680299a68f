namespace PgBaton;

/// <summary>Who carries the stream of changes while it is followed. A cutover, a verification or DDL always has our own stream.</summary>
public enum Via
{
    /// <summary>pgbaton: <c>migrate</c> has to run.</summary>
    Relay,

    /// <summary>The servers, by a subscription on the same slot: no process of ours has to run.</summary>
    Subscription,
}
