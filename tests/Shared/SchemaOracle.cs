using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PgBaton.Tests;

/// <summary>What a schema should look like: pg_dump and psql, without the product.</summary>
public static partial class SchemaOracle
{
    static readonly string[] _everything = ["--schema-only", "--no-owner", "--no-privileges", "--no-publications", "--exclude-schema=pgbaton"];

    /// <summary>pg_dump's text without what is no object, and without the gate.</summary>
    public static async Task<string> ReadAsync(TestDatabase database, params string[] more) => Clean(await DumpAsync(database, [.. _everything, .. more]));

    /// <summary>With owners and privileges.</summary>
    public static async Task<string> ReadOwnedAsync(TestDatabase database)
        => Clean(await DumpAsync(database, ["--schema-only", "--no-publications", "--exclude-schema=pgbaton"]));

    static string Clean(string dump)
        => string.Join('\n', Child().Replace(Gate().Replace(dump, ""), SortColumns).Split('\n').Where(line =>
            line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal) && !line.StartsWith('\\')
            && !line.StartsWith("SET ", StringComparison.Ordinal) && !line.StartsWith("SELECT pg_catalog.set_config(", StringComparison.Ordinal)));

    /// <summary>The source's schema as PostgreSQL's own tools bring it to a server of the target's version.</summary>
    public static async Task<string> ExpectAsync(TestDatabase source, TestServer targetServer, params string[] more)
    {
        var (schema, errors) = await ExpectWithErrorsAsync(source, targetServer, more);
        Assert.DoesNotContain("ERROR", errors, StringComparison.Ordinal);
        return schema;
    }

    /// <summary>The same, and what that server refused of it.</summary>
    public static async Task<(string Schema, string Errors)> ExpectWithErrorsAsync(TestDatabase source, TestServer targetServer, params string[] more)
    {
        await using var clone = await targetServer.CreateDatabaseAsync();
        var dump = Gate().Replace(await DumpAsync(source, [.. _everything, .. more]), "");
        if (targetServer.Major < 17)
            dump = dump.Replace("SET transaction_timeout = 0;\n", "", StringComparison.Ordinal); // A setting of the session, newer than the server.
        if (targetServer.Major < 18)
            dump = CreateTable().Replace(dump, OwnNotNullApart);
        var errors = await CaseFile.PsqlAsync(clone, dump);
        return (await ReadAsync(clone), errors);
    }

    // pg_dump 18 writes a child's own NOT NULL over an inherited column as a line that older servers do not read.
    static string OwnNotNullApart(Match table)
    {
        var lines = table.Value.Split('\n').ToList();
        var own = lines.FindAll(line => line.StartsWith("    NOT NULL ", StringComparison.Ordinal));
        var kept = string.Join('\n', lines.Except(own)).Replace(",\n)", "\n)", StringComparison.Ordinal);
        return kept + string.Concat(own.Select(line => $"\nALTER TABLE {table.Groups[1].Value} ALTER {line["    NOT NULL ".Length..].TrimEnd(',')} SET NOT NULL;"));
    }

    [GeneratedRegex(@"^CREATE (?:UNLOGGED )?TABLE (\S+) \([^;]*;$", RegexOptions.Multiline)]
    private static partial Regex CreateTable();

    // Once more if its session was ended, as the fence of a cutover ends those that are in its way; or if something was dropped while it looked.
    static async Task<string> DumpAsync(TestDatabase database, string[] options)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (text, errors) = await TryDumpAsync(database, options);
            if (text is not null)
                return text;
            Assert.True(attempt < 5, errors);
        }
    }

    static async Task<(string? Text, string Errors)> TryDumpAsync(TestDatabase database, string[] options)
    {
        var start = new ProcessStartInfo("pg_dump", [.. options, database.Uri])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["PGOPTIONS"] = "-c quote_all_identifiers=off" }, // A setting of the database changes how pg_dump writes.
        };
        using var dump = Process.Start(start)!;
        var (text, errors) = (dump.StandardOutput.ReadToEndAsync(), dump.StandardError.ReadToEndAsync());
        await dump.WaitForExitAsync();
        return (dump.ExitCode == 0 ? await text : null, await errors);
    }

    // pg_dump and psql put the columns of a child elsewhere, and print or leave out that one is not null because its parent's is not.
    static string SortColumns(Match table)
        => string.Join('\n', InheritedNotNull().Replace(table.Value, "").Split('\n').Select(line => line.TrimEnd(',')).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"^CREATE TABLE [^\n]*\((?:(?!;\n)[\s\S])*\n\)\nINHERITS ", RegexOptions.Multiline)]
    private static partial Regex Child();

    [GeneratedRegex("""(?: CONSTRAINT (?:"[^"]*"|\w+))? NOT NULL""")]
    private static partial Regex InheritedNotNull();

    // Names of tables may hold line breaks.
    [GeneratedRegex(@"^(?:CREATE TRIGGER pgbaton_gate |ALTER TABLE (?:(?!;\n)[\s\S])* ENABLE ALWAYS TRIGGER pgbaton_gate)(?:(?!;\n)[\s\S])*;\n", RegexOptions.Multiline)]
    private static partial Regex Gate();
}
