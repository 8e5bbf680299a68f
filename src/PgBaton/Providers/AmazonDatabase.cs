namespace PgBaton.Providers;

/// <summary>What RDS and Aurora have in common: hosts, the right to replicate, parameter groups.</summary>
/// <param name="name">As people say it.</param>
/// <param name="group">In front of <c>parameter-group</c>: empty, or <c>cluster-</c>.</param>
/// <param name="reboot">How a change takes effect that needs a restart.</param>
abstract class AmazonDatabase(string name, string group, string reboot) : Provider(name)
{
    public override string? RegionOf(ServerSigns signs) => Amazon.RegionOf(signs);

    public override string? DirectInsteadOf(ServerSigns signs) => Amazon.DirectInsteadOf(signs);

    public override string EnableLogicalReplication => Set("rds.logical_replication", "1", restarts: true);

    public override string GrantReplication(string role) => $"GRANT rds_replication TO {role};";

    public override string Set(string setting, string value, bool restarts)
        => $"aws rds modify-db-{group}parameter-group --db-{group}parameter-group-name GROUP --parameters "
           + $"ParameterName={setting},ParameterValue={value},ApplyMethod={(restarts ? "pending-reboot" : "immediate")}"
           + (restarts ? $"  # {reboot}" : "");

    public override string LetIn(IReadOnlyList<string> addresses, int port)
        => string.Join('\n', addresses.Select(address => $"aws ec2 authorize-security-group-ingress --group-id SECURITY_GROUP --protocol tcp --port {port} --cidr {address}/32"));
}
