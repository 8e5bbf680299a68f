using System.Globalization;
using static PgBaton.Cli.Views.Say;

namespace PgBaton.Cli.Views;

/// <summary>Lines with the time, for pipes, logs and CI. Progress and lag are told every few seconds only.</summary>
sealed class PlainView(TextWriter output, TimeProvider time) : IView
{
    static readonly TimeSpan _copyInterval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan _lagInterval = TimeSpan.FromSeconds(10);

    readonly Picture _picture = new();
    DateTimeOffset _copyTold, _lagTold, _verifyTold;

    public void Show(DateTimeOffset at, MigrationEvent happened)
    {
        _picture.See(at, happened);
        if (Sentence.Of(happened) is { } sentence)
            Write(at, sentence);
        else if (happened is CopyProgress && at - _copyTold >= _copyInterval)
            TellCopy(at);
        else if (happened is VerifyProgress && at - _verifyTold >= _copyInterval)
            TellVerification(at);
        else if (happened is LagMeasured lag && at - _lagTold >= _lagInterval)
        {
            _lagTold = at;
            Write(at, Sentence.OfLag(lag));
        }
    }

    public void Tick()
    {
        // Lines are written when something happens.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void TellCopy(DateTimeOffset at)
    {
        if (_copyTold != default) // The first one has no rate yet.
            Write(at, $"copy: {Progress(_picture.Copy, _picture.BytesTotal, at)}");
        _copyTold = at;
    }

    void TellVerification(DateTimeOffset at)
    {
        if (_verifyTold != default && _picture.BytesToVerify > 0)
            Write(at, $"verify: {Progress(_picture.Verifying, _picture.BytesToVerify, at)}");
        _verifyTold = at;
    }

    static string Progress(Pace pace, long total, DateTimeOffset at)
        => $"{Bytes(pace.Value)} of {Bytes(total)}" + (pace.PerSecond(at) is { } rate ? $", {Bytes(rate)}/s, {Remaining(pace.Remaining(total, at))} left" : "");

    void Write(DateTimeOffset at, string line)
    {
        var local = TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
        output.WriteLine($"{local.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {OneLine(line)}");
    }
}
