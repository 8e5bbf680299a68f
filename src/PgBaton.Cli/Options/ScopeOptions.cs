using System.CommandLine;

namespace PgBaton.Cli.Options;

/// <summary>What is moved, and how hard the servers are pushed: the options of <c>check</c> and <c>migrate</c>.</summary>
sealed class ScopeOptions
{
    readonly Option<string[]> _schemas = OptionOf.Texts("--schema", "PATTERN", "move only these schemas", ["-n"]);
    readonly Option<string[]> _excludedSchemas = OptionOf.Texts("--exclude-schema", "PATTERN", "leave these schemas out", ["-N"]);
    readonly Option<string[]> _tables = OptionOf.Texts("--table", "PATTERN", "move only these tables", ["-t"]);
    readonly Option<string[]> _excludedTables = OptionOf.Texts("--exclude-table", "PATTERN", "leave these tables out", ["-T"]);
    readonly Option<string> _filter = OptionOf.Text("--filter", "FILE", "read such patterns from a file, as pg_dump does");
    readonly Option<int> _jobs = OptionOf.Number("--jobs", "N", "copy this many parts at the same time (default 4)", 4, ["-j"]);
    readonly Option<int> _indexJobs = OptionOf.Number("--index-jobs", "N", "build this many indexes at the same time (default 2)", 2);
    readonly Option<long> _split = OptionOf.Size("--split-larger-than", "SIZE", "copy larger tables in parts (default 1GB)", 1L << 30);
    readonly Option<bool> _existingSchema = OptionOf.Flag("--existing-schema", "the target has the tables already; move rows only");
    readonly Option<bool> _owners = OptionOf.Flag("--owners", "keep owners; the roles must exist on the target, or --roles makes them");
    readonly Option<bool> _privileges = OptionOf.Flag("--privileges", "keep privileges; the roles must exist on the target, or --roles makes them");
    readonly Option<bool> _noLabels = OptionOf.Flag("--no-security-labels", "leave security labels behind: the target has not loaded their provider");
    readonly Option<bool> _roles = OptionOf.Flag("--roles", "make roles that objects need and the target lacks, without the right to log in");
    readonly Option<string> _targetOwner = OptionOf.Text("--target-owner", "ROLE", "let everything on the target belong to this role");
    readonly Option<string> _identity = OptionOf.Word(
        "--replica-identity", "give tables without a key REPLICA IDENTITY FULL meanwhile", "full");
    readonly Option<string> _largeObjects = OptionOf.Word(
        "--large-objects", "copy large objects, or leave them behind (default: copy, unless -n or -t is given)", "copy", "skip");
    readonly Option<bool> _offline = OptionOf.Flag("--offline", "one copy and no stream: for a source without logical replication; later writes are not carried");
    readonly Option<bool> _fenceFirst = OptionOf.Flag("--fence-first", "with --offline: close the source for writers before the copy, until the cutover or abort");
    readonly Option<string> _via = OptionOf.Word(
        "--via", "who carries the changes once everything is copied: pgbaton (the default), or the servers by a subscription", "relay", "subscription");
    readonly Option<long> _sourceDisk = OptionOf.Size("--source-disk", "SIZE", "free space on the source's disk, for the check: the slot keeps WAL there", 0);
    readonly Option<long> _targetDisk = OptionOf.Size("--target-disk", "SIZE", "free space on the target's disk, for the check: no SQL tells it", 0);
    readonly Option<string> _pgBin = OptionOf.Text("--pg-bin", "DIR", "folder of pg_dump and pg_restore");
    readonly Option<double> _slotTimeout = OptionOf.Seconds(
        "--slot-timeout", "S", "how long the slot may wait for open transactions (default 60)", 60);
    readonly Option<double> _lockTimeout = OptionOf.Seconds(
        "--lock-timeout", "S", "how long the copy waits for a locked table (default 60)", 60);
    readonly Option<string[]> _ignore = OptionOf.Codes("--ignore", "a finding with this code does not block");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _schemas, _excludedSchemas, _tables, _excludedTables, _filter, _jobs, _indexJobs, _split, _existingSchema, _owners, _privileges, _roles, _noLabels, _targetOwner,
            _identity, _largeObjects, _offline, _fenceFirst, _via, _sourceDisk, _targetDisk, _pgBin, _slotTimeout, _lockTimeout, _ignore,
        })
            command.Add(option);
    }

    /// <summary>For the engine, which needs both connection strings.</summary>
    /// <exception cref="MigrationException">PB0002, PB0021.</exception>
    public MigrationOptions Read(ParseResult parsed) => Read(parsed, GlobalOptions.ReadBoth(parsed));

    /// <summary>For the preflight, which asks the source alone where there is no target yet.</summary>
    /// <exception cref="MigrationException">PB0002, PB0021.</exception>
    public MigrationOptions ReadForCheck(ParseResult parsed) => Read(parsed, GlobalOptions.ReadSource(parsed));

    string? TargetOwner(ParseResult parsed)
        => parsed.GetValue(_targetOwner) is not { } owner ? null
            : parsed.GetValue(_owners) ? throw Errors.Usage("--owners and --target-owner exclude each other", detail: null, "Keep the owners, or name one for everything.")
            : owner;

    MigrationOptions Read(ParseResult parsed, MigrationOptions connections)
    {
        if (parsed.GetValue(_fenceFirst) && !parsed.GetValue(_offline))
            throw Errors.Usage("--fence-first is only for --offline", detail: null, "Say both, or neither: with logical replication the source is closed at the cutover only.");
        if (parsed.GetValue(_offline) && parsed.GetValue(_via) is not null)
            throw Errors.Usage("--via and --offline exclude each other", detail: null, "With --offline there are no changes to carry.");
        var filter = parsed.GetValue(_filter) is { } file ? FilterFile.Read(file) : new FilterFile([], [], [], []);
        return connections with
        {
            Schemas = [.. parsed.GetValue(_schemas)!, .. filter.Schemas],
            ExcludedSchemas = [.. parsed.GetValue(_excludedSchemas)!, .. filter.ExcludedSchemas],
            Tables = [.. parsed.GetValue(_tables)!, .. filter.Tables],
            ExcludedTables = [.. parsed.GetValue(_excludedTables)!, .. filter.ExcludedTables],
            Jobs = parsed.GetValue(_jobs),
            IndexJobs = parsed.GetValue(_indexJobs),
            SplitLargerThan = parsed.GetValue(_split),
            ExistingSchema = parsed.GetValue(_existingSchema),
            Owners = parsed.GetValue(_owners),
            Privileges = parsed.GetValue(_privileges),
            Roles = parsed.GetValue(_roles),
            NoSecurityLabels = parsed.GetValue(_noLabels),
            TargetOwner = TargetOwner(parsed),
            ReplicaIdentityFull = parsed.GetValue(_identity) == "full",
            LargeObjects = parsed.GetValue(_largeObjects) is { } choice ? Enum.Parse<LargeObjectChoice>(choice, ignoreCase: true) : null,
            Offline = parsed.GetValue(_offline),
            FenceFirst = parsed.GetValue(_fenceFirst),
            Via = parsed.GetValue(_via) is { } via ? Enum.Parse<Via>(via, ignoreCase: true) : null,
            SourceDisk = parsed.SizeOf(_sourceDisk),
            TargetDisk = parsed.SizeOf(_targetDisk),
            PgBin = parsed.GetValue(_pgBin),
            SlotTimeout = TimeSpan.FromSeconds(parsed.GetValue(_slotTimeout)),
            LockTimeout = TimeSpan.FromSeconds(parsed.GetValue(_lockTimeout)),
            IgnoredFindings = parsed.GetValue(_ignore)!,
        };
    }
}
