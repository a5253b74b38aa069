using System.Net;
using Limiter.Simulation.Edges;
using Limiter.Simulation.Running;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;
using Microsoft.AspNetCore.Http;

namespace Limiter.Simulation.Remotes;

/// <summary>
/// One remote edge's way to the servers, in simulated time: calls and answers are lost, late, twice, replaced; servers
/// are away, slow, or stand still, and then find the calls when they go on.
/// </summary>
/// <param name="machine">Whose way it is.</param>
/// <param name="process">Who calls.</param>
/// <param name="pump">True time.</param>
/// <param name="dice">What happens to calls.</param>
/// <param name="weather">How often.</param>
/// <param name="network">Partitions: a machine that is cut off from the first host is cut off from the servers.</param>
/// <param name="servers">Where calls may go.</param>
/// <param name="timeline">Told of answers as they leave a server.</param>
/// <param name="onFault">Told of an answer that no trouble of the world asks for.</param>
internal sealed class RemoteWay(
    int machine, Process process, Pump pump, Dice dice, CallWeather weather, Network network,
    IReadOnlyList<Machine> servers, Timeline timeline, Action<Exception> onFault) : HttpMessageHandler
{
    /// <summary>A connection stays with its server, but for so many calls in a million.</summary>
    private const int ChangesServer = 100_000;

    private static readonly byte[][] s_garbage =
    [
        [], "<html><h1>Bad Gateway</h1></html>"u8.ToArray(), "{}"u8.ToArray(), "[]"u8.ToArray(), "null"u8.ToArray(),
        """{"policy":"x","reserves":[],"charges":7,"credentials":null,"names":"y","saved":false}"""u8.ToArray(),
    ];

    private Machine _server = servers[dice.Below(servers.Count)];

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        pump.CheckThread();
        var asked = new TaskCompletionSource<HttpResponseMessage>();
        cancellationToken.UnsafeRegister(
            static (asked, given) => ((TaskCompletionSource<HttpResponseMessage>)asked!).TrySetCanceled(given), asked);
        // Read now: the caller takes its buffers back when it gives up. In memory, so it is there at once.
        var body = new byte[request.Content!.Headers.ContentLength!.Value];
        request.Content.ReadAsStream(CancellationToken.None).ReadExactly(body);
        var call = new HttpCall(
            request.Method.Method, request.RequestUri!.AbsolutePath, $"{request.Headers.Authorization}", body);
        for (var copies = dice.Chance(weather.Duplication) ? 2 : 1; copies > 0; copies--)
        {
            if (dice.Chance(ChangesServer)) _server = dice.Pick(servers);
            var server = _server;
            Travel(() => Arrive(server, call, asked));
        }
        return asked.Task;
    }

    private void Travel(Action arrive)
    {
        if (dice.Chance(weather.Loss)) return;
        var delay = dice.Chance(weather.Late)
            ? dice.Between(1, CallWeather.LateMsMax) * Pump.Millisecond
            : Pump.Millisecond + dice.Waiting(weather.DelayMs * Pump.Millisecond);
        pump.In(delay, null, () =>
        {
            if (!network.IsCut(machine, 0)) arrive();
        });
    }

    private void Arrive(Machine server, HttpCall call, TaskCompletionSource<HttpResponseMessage> asked)
    {
        if (server.Edge is not { Process.IsDead: false } edge || server.Api is not { } api)
            Travel(() => process.Run(() => asked.TrySetException(new HttpRequestException("Connection refused"))));
        else if (dice.Chance(weather.FailsBefore)) Answer(asked, 503, s_garbage[1]);
        else if (dice.Chance(weather.Slow))
            pump.In(dice.Between(1, CallWeather.SlowMsMax) * Pump.Millisecond, edge.Process, () => Serve(api));
        else edge.Process.Run(() => Serve(api));

        void Serve(LimiterApi serving) => _ = ServeAsync(serving, call, asked);
    }

    private async Task ServeAsync(LimiterApi api, HttpCall call, TaskCompletionSource<HttpResponseMessage> asked)
    {
        var (status, body) = await api.AnswerAsync(call).ConfigureAwait(false);
        timeline.Add($"machine {machine}: {call.Path} of {call.Body.Length} bytes is answered {status}");
        // Stores that fail and callers that go too far have answers of their own.
        if (status == StatusCodes.Status500InternalServerError)
            onFault(new InvalidOperationException($"{call.Path} was answered 500."));
        if (dice.Chance(weather.FailsAfter)) (status, body) = (502, s_garbage[1]);
        else if (dice.Chance(weather.Garbage))
            body = dice.Chance(500_000) ? dice.Pick(s_garbage) : body[..(body.Length / 2)];
        Answer(asked, status, body);
    }

    private void Answer(TaskCompletionSource<HttpResponseMessage> asked, int status, byte[] body) =>
        Travel(() => process.Run(() => asked.TrySetResult(
            new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) })));
}
