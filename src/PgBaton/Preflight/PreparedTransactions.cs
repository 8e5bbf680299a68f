using PgBaton.Postgres;

namespace PgBaton.Preflight;

sealed class PreparedTransactions() : Check(
    "PB1025", "replication", "Is no prepared transaction left on the source?", "no prepared transaction is left on the source", onlyBefore: true)
{
    public override async Task<IReadOnlyList<Finding>> AskAsync(Servers servers, CancellationToken ct)
    {
        var prepared = (await OpenTransaction.ListAsync(servers.Source.Connection, ct)).Where(open => open.Pid is null).ToList();
        if (prepared.Count == 0)
            return [];
        return
        [
            Warning(
                $"{Listing.Count(prepared.Count, "prepared transaction waits", "prepared transactions wait")} on the source",
                "A slot, and the fence of the cutover, wait until each is settled, those of other databases of the server too. "
                + $"{Listing.Of([.. prepared.Select(open => open.ToString())])}.",
                Listing.Script([.. prepared.Select(open => $"COMMIT PREPARED {Sql.Literal(open.Gid!)};  -- or ROLLBACK PREPARED, in database {open.Database}")])),
        ];
    }
}
