using System.Collections.Immutable;

namespace PgBaton.Preflight;

/// <summary>Every preflight question, in the order it is asked. docs/checks has a page for each, held by a test.</summary>
static class Checks
{
    public static ImmutableArray<Check> All { get; } =
    [
        new Reachable(),
        new PasswordFileUsed(),
        new PooledEndpoint(),
        new EncryptedConnection(),
        new BoundChannel(),
        new AddressFamilies(),
        new SameRegion(),

        new Versions(),
        new SameDatabase(),
        new SourceIsPrimary(),
        new KnownBugs(),
        new Encodings(),
        new CollationVersions(),
        new FreeConnections(),
        new SourceWritable(),
        new WhereAtHome(),

        new WalLevel(),
        new FreeSlots(),
        new FreeSenders(),
        new ReplicationWorks(),
        new SharedSnapshot(),
        new PublicationWorks(),
        new PreparedTransactions(),
        new CanPublish(),
        new SynchronousStandbys(),
        new SlotKeepsWal(),
        new IdleSlots(),
        new Leftovers(),
        new ProbeRemains(),
        new SubscriptionsOnSource(),
        new OfflineCopy(),
        new SubscriptionWorks(),
        new SubscriptionWorkers(),

        new MayRead(),
        new OwnsTables(),
        new RowSecurity(),
        new OneRow(),
        new MayBeReplica(),
        new RoleTimeouts(),
        new RoleExpiry(),

        new PatternsMatch(),
        new ReplicaIdentities(),
        new GeneratedIdentities(),
        new UnloggedTables(),
        new OtherRelations(),
        new EventTriggers(),
        new OwnObjects(),
        new ReservedNames(),
        new EagerTriggers(),
        new SimilarNames(),
        new PlatformSchemas(),
        new SuperuserObjects(),
        new LeaningExpressions(),
        new GoneTypes(),
        new HashPartitions(),
        new LostConstraints(),
        new CatalogViews(),

        new LargeObjects(),

        new Extensions(),
        new ListedExtensions(),
        new PreloadedLibraries(),
        new ExtensionRows(),
        new ExtensionMembers(),
        new Hypertables(),

        new TargetWritable(),
        new TargetEmpty(),
        new Libraries(),
        new Roles(),
        new TargetOwner(),
        new SettingsOfDatabase(),
        new LargeObjectsOnTarget(),
        new SecurityLabels(),
        new ExistingTables(),
        new ForeignSchema(),
        new DiskSpace(),
        new DumpProgram(),

        new WayBack(),
    ];
}
