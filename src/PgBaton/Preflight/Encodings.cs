namespace PgBaton.Preflight;

sealed class Encodings() : Check(
    "PB1014", "server", "Do both databases store and sort text alike?", "both databases store and sort text alike", needs: Needs.Both)
{
    protected override IEnumerable<Finding> Look(Servers servers)
    {
        var (source, target) = (servers.Source.Facts, servers.Target.Facts);
        if (source.Encoding != target.Encoding)
            yield return OfEncoding(source.Encoding, target.Encoding);
        if ((
            source.LocaleProvider, source.Collate, source.CharacterType,
            source.Locale) != (target.LocaleProvider, target.Collate, target.CharacterType, target.Locale))
            yield return Warning(
                $"the databases sort text differently: the source by {Locale(source)}, the target by {Locale(target)}",
                "ORDER BY, ranges and LIKE on text may answer differently after the cutover. Indexes are built anew, so they are right "
                + "on both sides.",
                $"CREATE DATABASE … TEMPLATE template0 LC_COLLATE '{source.Collate}' LC_CTYPE '{source.CharacterType}'; if the "
                + "application depends on the order.");
    }

    Finding OfEncoding(string source, string target)
    {
        var message = $"the source is encoded in {source}, the target in {target}";
        const string fix = "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8';";
        if (source == "SQL_ASCII")
            return Blocker(
                message, "A database of SQL_ASCII holds bytes of any encoding, and nobody can say which letters they are.",
                "Use a target of SQL_ASCII, or convert the source first.");
        return target == "UTF8"
            ? Notice(message, "Text is converted on the way; every letter exists in UTF8. On the way back (after the cutover, before you say finish) a letter that "
                + $"{source} does not have would stop the relay by name.")
            : Blocker(message, "A letter that the target's encoding does not have would stop the copy or, later, the relay.", fix);
    }

    static string Locale(ServerFacts facts) => facts.LocaleProvider switch
    {
        "i" => $"ICU {facts.Locale}",
        "b" => $"the built-in {facts.Locale}",
        _ => facts.Collate == facts.CharacterType ? $"libc {facts.Collate}" : $"libc {facts.Collate}/{facts.CharacterType}",
    };
}
