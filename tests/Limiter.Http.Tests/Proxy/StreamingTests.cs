using System.Net;
using System.Net.Sockets;
using System.Text;
using Limiter.Http.Proxy;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tests.Proxy;

public sealed class StreamingTests
{
    private const int Chunk = 64 * 1024;
    private const int Chunks = 640;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_upload_larger_than_every_bound_of_ours_streams_through()
    {
        long received = 0;
        await using var upstream = await TestUpstream.StartAsync(async context =>
        {
            var buffer = new byte[Chunk];
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer)) > 0) received += read;
            await context.Response.WriteAsync(received.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
        await using var server = await StartAsync(upstream);
        using var client = server.Client(await server.RegisterAsync());
        using var body = new StreamContent(new Zeros((long)Chunk * Chunks));
        using var response = await client.PostAsync("/proxy/upload", body);
        (await response.Content.ReadAsStringAsync()).ShouldBe($"{(long)Chunk * Chunks}");
    }

    [Fact]
    public async Task A_download_arrives_as_it_is_sent()
    {
        var mayEnd = new TaskCompletionSource();
        await using var upstream = await TestUpstream.StartAsync(async context =>
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await mayEnd.Task;
            await context.Response.WriteAsync("last");
        });
        await using var server = await StartAsync(upstream);
        using var client = server.Client(await server.RegisterAsync());
        using var response = await client.GetAsync("/proxy/events", HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[5];
        await body.ReadExactlyAsync(buffer).AsTask().WaitAsync(Patience);
        Encoding.UTF8.GetString(buffer).ShouldBe("first");
        mayEnd.SetResult();
        using var rest = new StreamReader(body);
        (await rest.ReadToEndAsync()).ShouldBe("last");
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_upstream_s_work()
    {
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var upstream = await TestUpstream.StartAsync(async context =>
        {
            using var registration = context.RequestAborted.Register(() => ended.TrySetResult());
            started.SetResult();
            await ended.Task;
        });
        await using var server = await StartAsync(upstream);
        using var client = server.Client(await server.RegisterAsync());
        using var leaving = new CancellationTokenSource();
        var sending = client.GetAsync("/proxy/slow", leaving.Token);
        await started.Task.WaitAsync(Patience);
        await leaving.CancelAsync();
        await ended.Task.WaitAsync(Patience);
        await Should.ThrowAsync<OperationCanceledException>(sending);
    }

    [Fact]
    public async Task An_upstream_that_is_down_is_502_with_the_limit_s_headers()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var address = new Uri($"http://{closed.LocalEndpoint}");
        closed.Stop();
        await using var server = await TestServer.StartAsync(proxy: new ProxyOptions { Upstream = address });
        using var client = server.Client(await server.RegisterAsync());
        using var response = await client.GetAsync("/proxy/x");
        await response.ShouldBeProblemAsync(HttpStatusCode.BadGateway, "upstream_unreachable");
        response.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["59"]);
    }

    [Fact]
    public async Task An_upstream_that_keeps_silent_is_504_with_the_limit_s_headers()
    {
        var never = new TaskCompletionSource();
        await using var upstream = await TestUpstream.StartAsync(_ => never.Task);
        await using var server = await TestServer.StartAsync(proxy: new ProxyOptions
        {
            Upstream = upstream.Address,
            ActivityTimeout = TimeSpan.FromMilliseconds(200),
        });
        using var client = server.Client(await server.RegisterAsync());
        using var response = await client.GetAsync("/proxy/x");
        await response.ShouldBeProblemAsync(HttpStatusCode.GatewayTimeout, "upstream_timeout");
        response.Headers.GetValues("X-RateLimit-Remaining").ShouldBe(["59"]);
        never.SetResult();
    }

    [Fact]
    public async Task Without_an_upstream_the_proxy_says_so_and_charges_nothing()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Client(await server.RegisterAsync());
        using var response = await client.GetAsync("/proxy/x");
        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "no_upstream");
        var left = await TestServer.ReadAsync(await server.Gateway.GetAsync("/v1/limits?tenant=acme"));
        left.GetProperty("limits")[0].GetProperty("remaining").GetInt64().ShouldBe(60);
    }

    [Fact]
    public async Task Headers_of_a_mebibyte_are_refused()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var server = await StartAsync(upstream);
        var answer = await RawHttp.SendAsync(server.Address,
            $"GET /proxy/x HTTP/1.1\r\nHost: x\r\nX-Large: {new string('a', 1024 * 1024)}\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 431");
        upstream.Requests.ShouldBe(0);
    }

    private static Task<TestServer> StartAsync(TestUpstream upstream) =>
        TestServer.StartAsync(proxy: new ProxyOptions { Upstream = upstream.Address });

    /// <summary>A long body that takes no memory and cannot be rewound.</summary>
    private sealed class Zeros(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            Array.Clear(buffer, offset, read);
            _left -= read;
            return read;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
