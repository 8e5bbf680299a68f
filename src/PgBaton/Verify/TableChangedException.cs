namespace PgBaton.Verify;

/// <summary>Not for the operator: a table has to be compared again under younger snapshots.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Caught where tables are compared.")]
sealed class TableChangedException(string table, Exception? inner = null) : Exception($"{table} was changed after the snapshot", inner);
