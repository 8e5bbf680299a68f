namespace PgBaton.Providers;

sealed class Aurora() : Provider("Amazon Aurora PostgreSQL")
{
    public override bool Shows(ServerSigns signs) => signs.HasFunction("aurora_version");

    public override bool IsHost(ServerSigns signs) => Amazon.IsCluster(signs);

    public override string? RegionOf(ServerSigns signs) => Amazon.RegionOf(signs);

    public override string? DirectInsteadOf(ServerSigns signs) => Amazon.DirectInsteadOf(signs);

    public override string EnableLogicalReplication => Set("rds.logical_replication", "1", restarts: true);

    public override string GrantReplication(string role) => $"GRANT rds_replication TO {role};";

    public override string Set(string setting, string value, bool restarts)
        => "aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name GROUP --parameters "
           + $"ParameterName={setting},ParameterValue={value},ApplyMethod={(restarts ? "pending-reboot" : "immediate")}"
           + (restarts ? "  # the cluster's group, one of your own; then reboot the writer: aws rds reboot-db-instance --db-instance-identifier WRITER" : "");

    public override IReadOnlyList<string> Traps =>
    [
        "Only the writer's endpoint can be a source: the reader endpoint leads to another server with each connection.",
        "The setting belongs to the cluster's parameter group, not to the instance's.",
    ];
}
