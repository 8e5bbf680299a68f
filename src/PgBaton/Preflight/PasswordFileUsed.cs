namespace PgBaton.Preflight;

sealed class PasswordFileUsed() : Check(
    "PB1002", "connection", "Is everything used that the connection strings lead to?", "everything the connection strings lead to is used",
    needs: Needs.None)
{
    protected override IEnumerable<Finding> Look(Servers servers)
        => servers.Warnings.Distinct(StringComparer.Ordinal).Select(warning => Warning(warning, "libpq does not use it either.", "chmod 0600 ~/.pgpass"));
}
