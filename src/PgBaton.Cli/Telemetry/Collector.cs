using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PgBaton.Cli.Telemetry;

/// <summary>
/// Sends the library's spans and measurements to a collector by OTLP, as OpenTelemetry's standard variables say. Unless one of them names a collector
/// nothing of it is loaded.
/// </summary>
static class Collector
{
    static readonly string[] _names = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Null: nobody asked for it. Disposing sends what is left, for two seconds at most.</summary>
    public static IDisposable? Start()
        => Array.Exists(_names, name => Value(name) is { Length: > 0 }) && !Is("OTEL_SDK_DISABLED", "true") ? new Exporters() : null;

    static string? Value(string variable) => Environment.GetEnvironmentVariable(variable);

    static bool Is(string variable, string value) => string.Equals(Value(variable), value, StringComparison.OrdinalIgnoreCase);

    sealed class Exporters : IDisposable
    {
        const int Patience = 2000;

        readonly TracerProvider? _traces = Is("OTEL_TRACES_EXPORTER", "none")
            ? null
            : Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Us()).AddSource("PgBaton").AddOtlpExporter().Build();

        readonly MeterProvider? _metrics = Is("OTEL_METRICS_EXPORTER", "none")
            ? null
            : Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Us()).AddMeter("PgBaton").AddOtlpExporter().Build();

        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
        static ResourceBuilder Us()
            => ResourceBuilder.CreateEmpty().AddService("pgbaton", serviceVersion: Version.Number).AddTelemetrySdk().AddEnvironmentVariableDetector();

        public void Dispose()
        {
            Parallel.Invoke(() => _traces?.Shutdown(Patience), () => _metrics?.Shutdown(Patience));
            _traces?.Dispose();
            _metrics?.Dispose();
        }
    }
}
