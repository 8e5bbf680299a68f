namespace PgBaton.Cli.Demo.Writers;

/// <summary>Where the application's connection string points. The switch at the cutover is one assignment.</summary>
sealed class Endpoint(Address address)
{
    volatile Address _current = address;

    public Address Current => _current;

    public void SwitchTo(Address address) => _current = address;
}

/// <summary>One of the two databases, as the application reaches it.</summary>
/// <param name="Name">source or target.</param>
/// <param name="Settings">Connection string for Npgsql.</param>
sealed record Address(string Name, string Settings);
