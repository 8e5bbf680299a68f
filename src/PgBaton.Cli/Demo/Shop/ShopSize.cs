namespace PgBaton.Cli.Demo.Shop;

/// <summary>How many rows of each kind; together at least as many as asked for.</summary>
/// <param name="Rows">What was asked for.</param>
sealed record ShopSize(int Rows)
{
    public const int Smallest = 1_000, Default = 1_200_000, Largest = 100_000_000;

    /// <summary>The same in every shop.</summary>
    public const int Accounts = 1000, Counters = 20, Categories = 200;

    /// <summary>Each has one address.</summary>
    public int Customers => Share(60);

    /// <summary>Each lies in two warehouses and was viewed on five days.</summary>
    public int Products => Share(15);

    /// <summary>Each has two lines.</summary>
    public int Orders => Share(140);

    public int Payments => Share(100);
    public int Reviews => Share(30);

    /// <summary>Each has two items.</summary>
    public int Carts => Share(30);

    public int Notes => Share(20);
    public int Events => Share(80);
    public int Transfers => Share(10);
    public int Invoices => Share(20);
    public int Audits => Share(40);

    /// <summary>Rows in all tables, but for one table that is made from the reviews.</summary>
    public long Total => Customers * 2L + Products * 8L + Orders * 3L + Payments + Reviews + Carts * 3L + Notes + Events + Transfers + Invoices
        + Audits + Fixed;

    // Countries, categories, warehouses, campaigns, accounts, counters.
    const int Fixed = 64 + Categories + 4 + 52 + Accounts + Counters;

    int Share(int perMille) => (int)(Rows * (long)perMille / 1000);

    /// <summary>The names in shop.sql and what stands for them.</summary>
    public IReadOnlyDictionary<string, int> Names => new Dictionary<string, int>
    {
        ["customers"] = Customers, ["products"] = Products, ["orders"] = Orders, ["payments"] = Payments, ["reviews"] = Reviews,
        ["carts"] = Carts, ["notes"] = Notes, ["events"] = Events, ["transfers"] = Transfers, ["invoices"] = Invoices, ["audits"] = Audits,
        ["accounts"] = Accounts, ["counters"] = Counters, ["categories"] = Categories,
    };
}
