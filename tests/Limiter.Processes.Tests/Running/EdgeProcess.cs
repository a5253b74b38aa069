using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Processes.Tests.Logs;

namespace Limiter.Processes.Tests.Running;

/// <summary>
/// A server's place in a fleet: a process, and after its end another one. Answers are read and dated here.
/// </summary>
/// <param name="place">Its place, from 0.</param>
/// <param name="fleet">The fleet.</param>
internal sealed class EdgeProcess(int place, ProcessFleet fleet) : IAsyncDisposable
{
    /// <summary>Numbers of the processes of one place are apart by this.</summary>
    private const int PlacesMax = 100;

    private const int TriesMax = 100;
    private const long RetryMs = 100;

    /// <summary>A frozen process answers late, but within a test's life.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(20);

    private Instant _clock = fleet.ClockStart ?? default;
    private ServerProcess? _process;
    private HttpClient? _client;
    private int _starts;
    private volatile bool _isServing;

    /// <summary>The auditor's number for the process that runs now.</summary>
    public int Number => place + (PlacesMax * _starts);

    /// <summary>Whether it is worth asking.</summary>
    public bool IsServing => _isServing;

    public int ProcessId => _process!.Id;

    /// <summary>What its manual clock was moved to; the machine's time without one.</summary>
    public Instant Clock => fleet.ClockStart is null ? RealTime.Now : _clock;

    public async Task StartAsync()
    {
        _starts++;
        // Ignoring SIGXFSZ is inherited: what a full disk refuses is then an error to the process, not its end.
        (_process, var address) = await ServerProcess.ListenAsAsync("trap '' XFSZ", fleet.Folder, fleet.Options(place));
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = address,
            Timeout = AnswerPatience,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "dev");
        _isServing = true;
    }

    public async Task RegisterAsync(string tenant, string plan)
    {
        using var answer = await _client!.PutAsync($"/v1/tenants/{tenant}", Json($$"""{"plan":"{{plan}}"}"""));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>One check, logged.</summary>
    public async Task<LoggedAnswer> CheckAsync(string tenant, long cost)
    {
        var (number, sent) = (Number, Clock);
        var answer = new LoggedAnswer(tenant, number, cost, Fate.Lost, sent, default);
        try
        {
            var body = Json($$"""{"tenant":"{{tenant}}","method":"GET","path":"/things","cost":{{cost}}}""");
            using var response = await _client!.PostAsync("/v1/check", body);
            answer = Read(answer, response.StatusCode, await response.Content.ReadAsByteArrayAsync());
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException
            && (!_isServing || number != Number))
        {
            // It was killed meanwhile.
        }
        answer = answer with { Received = fleet.LatestClock };
        fleet.Log.Add(answer);
        return answer;
    }

    /// <summary>The same until the store answers in time: a busy machine may be slow once.</summary>
    public async Task<LoggedAnswer> DecideAsync(string tenant, long cost)
    {
        for (var tried = 1; ; tried++)
        {
            var answer = await CheckAsync(tenant, cost);
            if (answer.Fate != Fate.Refused) return answer;
            if (tried == TriesMax) throw new TimeoutException($"Process {Number} cannot reach its store.");
            await RealTime.PassAsync(RetryMs);
        }
    }

    /// <summary>
    /// Asks for a tenant's tokens until none is left, at first for ten at a time; the answer is their sum.
    /// </summary>
    public async Task<long> DrainAsync(string tenant)
    {
        var tokens = 0L;
        foreach (var cost in new[] { 10, 1 })
            while ((await DecideAsync(tenant, cost)).Fate == Fate.Allowed) tokens += cost;
        return tokens;
    }

    /// <summary>What is left of a limit, as this process tells it; null while it cannot reach its store.</summary>
    public async Task<long?> LeftAsync(string tenant, string limit)
    {
        using var answer = await _client!.GetAsync($"/v1/limits?tenant={tenant}");
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return null;
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return json.RootElement.GetProperty("limits").EnumerateArray()
            .Single(status => status.GetProperty("name").GetString() == limit)
            .GetProperty("remaining").GetInt64();
    }

    /// <summary>Sets its manual clock.</summary>
    public async Task SetClockAsync(Instant to)
    {
        // What is answered meanwhile may be dated at the new time already.
        fleet.Moving(to);
        using var answer = await _client!.PutAsync("/dev/clock", Json($$"""{"now":"{{to}}"}"""));
        answer.EnsureSuccessStatusCode();
        _clock = to;
    }

    /// <summary>kill -9; what is asked of it at this moment stays unanswered.</summary>
    public async Task KillAsync()
    {
        _isServing = false;
        await _process!.KillAsync();
        await EndAsync();
    }

    /// <summary>Ends it in order: it settles its leases.</summary>
    public async Task StopAsync()
    {
        _isServing = false;
        ProcessControl.AskToEnd(ProcessId);
        await _process!.EndedAsync();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _isServing = false;
        await EndAsync();
    }

    private async Task EndAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = null;
        _client?.Dispose();
    }

    private LoggedAnswer Read(LoggedAnswer answer, HttpStatusCode status, byte[] body)
    {
        if (status == HttpStatusCode.TooManyRequests) return answer with { Fate = Fate.Denied };
        if (status == HttpStatusCode.ServiceUnavailable) return answer with { Fate = Fate.Refused };
        status.ShouldBe(HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        root.GetProperty("cost").GetInt64().ShouldBe(answer.Cost);
        return answer with
        {
            Fate = Fate.Allowed,
            Mode = Enum.Parse<DecisionMode>(root.GetProperty("mode").GetString()!, ignoreCase: true),
            SpentAt = fleet.DateOf(root.GetProperty("checkId").GetString()!, place),
            Resets = root.GetProperty("limits").EnumerateArray().ToDictionary(
                limit => limit.GetProperty("name").GetString()!,
                limit => Instant.From(limit.GetProperty("resetsAt").GetDateTimeOffset())),
        };
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
