namespace PgBaton.Providers;

sealed class AmazonRds() : Provider("Amazon RDS")
{
    public override bool Shows(ServerSigns signs) => signs.HasSetting("rds") || signs.HasRole("rds_superuser");

    public override bool IsHost(ServerSigns signs) => Amazon.IsHost(signs);

    public override string? RegionOf(ServerSigns signs) => Amazon.RegionOf(signs);

    public override string? DirectInsteadOf(ServerSigns signs) => Amazon.DirectInsteadOf(signs);

    public override string EnableLogicalReplication => Set("rds.logical_replication", "1", restarts: true);

    public override string GrantReplication(string role) => $"GRANT rds_replication TO {role};";

    public override string Set(string setting, string value, bool restarts)
        => "aws rds modify-db-parameter-group --db-parameter-group-name GROUP --parameters "
           + $"ParameterName={setting},ParameterValue={value},ApplyMethod={(restarts ? "pending-reboot" : "immediate")}"
           + (restarts ? "  # a group of your own; then aws rds reboot-db-instance --db-instance-identifier INSTANCE" : "");

    public override IReadOnlyList<string> Traps =>
    [
        "The default parameter group cannot be changed: make one of your own and give it to the instance.",
        "The instance's security group must let this machine in.",
    ];
}
