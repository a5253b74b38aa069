using System.Diagnostics.Metrics;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Metrics;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Metrics;

/// <summary>What is measured moves by what happened, neither more nor less.</summary>
public sealed class LimiterMeterTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Fact]
    public async Task A_reserve_is_measured_from_its_sending_to_its_answer()
    {
        await using var edges = await OfAsync();
        using var measured = new Measured(edges);
        edges.Way().Hold();
        var check = edges.CheckAsync(Acme);
        await edges.Way().Arrived;
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(20));
        edges.Way().Release();
        await check;
        measured.Values("limiter.reserve.duration").ShouldBe([0.02]);
        await edges.AdmittedAsync(3, Acme);
        await edges.QuietAsync();
        measured.Values("limiter.reserve.duration").Count.ShouldBe(edges.Way().Calls);
    }

    [Fact]
    public async Task A_failed_reserve_is_measured_as_well()
    {
        await using var edges = await OfAsync();
        using var measured = new Measured(edges);
        edges.Way().Fault = Fault.Fails;
        (await edges.CheckAsync(Acme)).Refusal.ShouldBe(Refusal.Unreachable);
        measured.Values("limiter.reserve.duration").ShouldBe([0]);
    }

    [Fact]
    public async Task A_read_of_the_directory_is_measured_and_a_known_tenant_reads_nothing()
    {
        await using var edges = await OfAsync();
        using var measured = new Measured(edges);
        await edges.CheckAsync(Acme);
        await edges.CheckAsync(Acme);
        await edges.CheckAsync(Edges.Get("nobody"));
        measured.Values("limiter.directory.read.duration").ShouldBe([0, 0]);
        edges.Directory.Fails = true;
        await edges.CheckAsync(Edges.Get("another"));
        measured.Values("limiter.directory.read.duration").Count.ShouldBe(3);
    }

    [Fact]
    public async Task Tokens_that_are_held_fall_with_each_that_is_spent_and_are_none_in_the_end()
    {
        await using var edges = await OfAsync();
        using var measured = new Measured(edges);
        measured.Value("limiter.tokens.held").ShouldBe(0);
        await edges.AdmittedAsync(3, Acme);
        await edges.QuietAsync();
        var held = measured.Value("limiter.tokens.held");
        held.ShouldBeGreaterThan(7);
        // What is stranded here another edge cannot have.
        (await edges.CheckAsync(Edges.Get("acme", cost: 5))).Mode.ShouldBe(DecisionMode.Leased);
        measured.Value("limiter.tokens.held").ShouldBe(held - 5);
        await edges[0].CloseAsync(default);
        measured.Value("limiter.tokens.held").ShouldBe(0);
    }

    [Fact]
    public async Task Degraded_time_runs_while_a_store_is_known_to_be_away_and_only_then()
    {
        await using var edges = await OfAsync();
        using var measured = new Measured(edges);
        await edges.CheckAsync(Edges.Get("acme", cost: 1));
        edges.WaitClock.Advance(TimeSpan.FromSeconds(5));
        measured.Value("limiter.degraded.duration", "buckets").ShouldBe(0);
        edges.Way().Fault = Fault.Fails;
        await edges.CheckAsync(Edges.Get("rival"));
        edges.WaitClock.Advance(TimeSpan.FromSeconds(7));
        measured.Value("limiter.degraded.duration", "buckets").ShouldBe(7);
        edges.Way().Fault = Fault.None;
        (await edges.CheckAsync(Edges.Get("rival"))).Outcome.ShouldBe(Outcome.Allowed);
        edges.WaitClock.Advance(TimeSpan.FromSeconds(11));
        measured.Value("limiter.degraded.duration", "buckets").ShouldBe(7);
        edges.Directory.Fails = true;
        await edges.CheckAsync(Edges.Get("nobody"));
        edges.WaitClock.Advance(TimeSpan.FromSeconds(3));
        measured.Value("limiter.degraded.duration", "directory").ShouldBe(3);
        measured.Value("limiter.degraded.duration", "buckets").ShouldBe(7);
    }

    [Fact]
    public async Task Corrections_that_wait_are_told()
    {
        await using var edges = await OfAsync();
        using var measured = new Measured(edges);
        var check = await edges.CheckAsync(Acme with { ReserveMs = 30_000 });
        measured.Value("limiter.corrections.waiting").ShouldBe(1);
        await edges[0].ChargeAsync(AdmittedCheck.Of(check), 1, default);
        measured.Value("limiter.corrections.waiting").ShouldBe(0);
    }

    [Fact]
    public async Task What_shadow_limits_would_have_denied_is_told_by_limit()
    {
        await using var edges = await OfAsync(Shadows("\"tight\": { \"number\": 1, ", "\"loose\": { \"number\": 3, "));
        using var measured = new Measured(edges);
        for (var i = 0; i < 5; i++) (await edges.CheckAsync(Acme)).Outcome.ShouldBe(Outcome.Allowed);
        measured.Value("limiter.shadowed", "tight").ShouldBe(4);
        measured.Value("limiter.shadowed", "loose").ShouldBe(2);
    }

    [Fact]
    public async Task Of_shadow_limits_beyond_twenty_names_the_rest_is_told_together()
    {
        await using var edges = await OfAsync(Shadows(Named("a", 0, 19)));
        using var measured = new Measured(edges);
        await edges.AdmittedAsync(2, Acme);
        edges[0].Adopt(new PolicyInForce(Shadows(Named("b", 0, 3)), 2)).ShouldBeTrue();
        await edges.AdmittedAsync(2, Acme);
        measured.Value("limiter.shadowed", "a18").ShouldBe(1);
        // Only the first of them found a place.
        measured.Value("limiter.shadowed", "b0").ShouldBe(1);
        measured.Value("limiter.shadowed", "other").ShouldBe(2);
    }

    private static string[] Named(string letter, int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => $"\"{letter}{i}\": {{ \"number\": 1, ")];

    private static Policy Shadows(params string[] limits)
    {
        const string rest = "\"algorithm\": \"fixedWindow\", \"window\": \"60s\", \"shadow\": true }";
        return Policies.Compile(
            $$"""
            {
              "policy": "shadows",
              "limits": { {{string.Join(", ", limits.Select(limit => limit + rest))}} },
              "plans": { "big": {} },
              "cost": { "max": 100 },
              "response": { "denied": { "error": "denied" } }
            }
            """);
    }

    private static async Task<Edges> OfAsync(Policy? policy = null)
    {
        var edges = new Edges(policy ?? Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        await edges.SaveAsync("rival", "big");
        return edges;
    }

    /// <summary>Listens to one edge's meter.</summary>
    private sealed class Measured : IDisposable
    {
        private readonly LimiterMeter _meter;
        private readonly MeterListener _listener = new();
        private readonly List<(string Name, double Value, string? Label)> _values = [];

        public Measured(Edges edges)
        {
            _meter = new LimiterMeter(edges[0], edges.Tally());
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, _meter.Meter)) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((one, value, tags, _) => Add(one, value, tags));
            _listener.SetMeasurementEventCallback<long>((one, value, tags, _) => Add(one, value, tags));
            _listener.SetMeasurementEventCallback<int>((one, value, tags, _) => Add(one, value, tags));
            _listener.Start();
        }

        /// <summary>All that an instrument recorded so far.</summary>
        public List<double> Values(string name)
        {
            lock (_values) return [.. _values.Where(one => one.Name == name).Select(one => one.Value)];
        }

        /// <summary>What an instrument shows now.</summary>
        public double Value(string name, string? label = null)
        {
            lock (_values) _values.RemoveAll(one => one.Name == name);
            _listener.RecordObservableInstruments();
            lock (_values) return _values.Single(one => one.Name == name && one.Label == label).Value;
        }

        public void Dispose()
        {
            _listener.Dispose();
            _meter.Dispose();
        }

        private void Add(
            Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string? label = null;
            foreach (var (name, text) in tags)
                if (name is "store" or "limit") label = (string?)text;
            lock (_values) _values.Add((instrument.Name, value, label));
        }
    }
}
