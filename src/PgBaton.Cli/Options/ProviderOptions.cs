using System.CommandLine;
using PgBaton.ControlPlane;

namespace PgBaton.Cli.Options;

/// <summary>What <c>provider</c> is told; the rest is read from the host of the connection string.</summary>
sealed class ProviderOptions
{
    readonly Option<string> _at = OptionOf.Word("--at", "the provider; left out, it is told by the host of --source (create-target, prepare-target: --target)", [.. ProviderOrder.Providers.Keys]);
    readonly Option<string> _project = OptionOf.Text("--project", "ID", "Neon: the project");
    readonly Option<string> _database = OptionOf.Text("--database", "NAME", "PlanetScale: the database");
    readonly Option<string> _branch = OptionOf.Text("--branch", "NAME", "PlanetScale: the branch (default main)");
    readonly Option<string> _instance = OptionOf.Text("--instance", "ID", "RDS, Aurora: the instance");
    readonly Option<string> _cluster = OptionOf.Text("--cluster", "ID", "Aurora: the cluster");
    readonly Option<string> _region = OptionOf.Text("--region", "REGION", "as the provider writes it; create-target at Neon takes the nearest it has");
    readonly Option<int> _major = OptionOf.Number("--pg-version", "N", "create-target: major version of PostgreSQL (default 18)", 18, 14, 18);
    readonly Option<string> _title = OptionOf.Text("--title", "NAME", "create-target: what it is called (default pgbaton-target)");
    readonly Option<string> _organization = OptionOf.Text("--organization", "ID", "Neon: for a personal key of somebody who is in several; PlanetScale: the organization (default PLANETSCALE_ORG)");
    readonly Option<string> _size = OptionOf.Text("--size", "NAME", "create-target: PlanetScale's size of a cluster (PS_10), Amazon's class of an instance (db.r8g.large)");
    readonly Option<long> _disk = OptionOf.Size("--disk", "SIZE", "RDS, PlanetScale: disk of the target; one and a half times the source, as plan tells", 0);
    readonly Option<string> _slot = OptionOf.Text("--slot", "NAME", "PlanetScale: a slot that has to outlive a failover, as plan tells");
    readonly Option<int> _least = OptionOf.Number("--least-units", "N", "Neon: compute units when idle (default 1)", 1, 1, 56);
    readonly Option<int> _most = OptionOf.Number("--most-units", "N", "Neon: compute units under load (default 8)", 8, 1, 56);
    readonly Option<bool> _wayBack = OptionOf.Flag("--way-back", "with logical replication on the target, which a rollback needs");
    readonly Option<string> _file = OptionOf.Text("--connection-file", "FILE", "create-target: where the connection string is written, readable by you only (default target.args)");
    readonly Option<bool> _yes = OptionOf.Flag("--yes", "do not ask");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _at, _project, _database, _branch, _instance, _cluster, _region, _major, _title, _organization, _size, _disk, _slot, _least, _most, _wayBack, _file, _yes })
            command.Add(option);
    }

    public bool Yes(ParseResult parsed) => parsed.GetValue(_yes);

    public string File(ParseResult parsed) => parsed.GetValue(_file) ?? "target.args";

    /// <exception cref="MigrationException">PB0001, PB0020: it is not said where.</exception>
    public ProviderOrder Read(ParseResult parsed, string action)
    {
        var told = ProviderOrder.Of(action, parsed.GetValue(_at), parsed.GetValue(GlobalOptions.Source), parsed.GetValue(GlobalOptions.Target));
        return told with
        {
            Project = parsed.GetValue(_project),
            Database = parsed.GetValue(_database),
            Branch = parsed.GetValue(_branch) ?? told.Branch,
            Size = parsed.GetValue(_size),
            Disk = parsed.SizeOf(_disk),
            Slot = parsed.GetValue(_slot),
            Instance = parsed.GetValue(_instance) ?? told.Instance,
            Cluster = parsed.GetValue(_cluster) ?? (parsed.GetValue(_instance) is null ? told.Cluster : null),
            Region = parsed.GetValue(_region) ?? told.Region,
            Major = parsed.GetValue(_major),
            Title = parsed.GetValue(_title) ?? told.Title,
            Organization = parsed.GetValue(_organization),
            Units = (parsed.GetValue(_least), Math.Max(parsed.GetValue(_least), parsed.GetValue(_most))),
            WayBack = parsed.GetValue(_wayBack),
        };
    }
}
