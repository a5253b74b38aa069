using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Limiter.Contracts.Tests.Running;

/// <summary>The real server in a process of its own, which is gone afterwards.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Channel<bool> _written = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("It ended at once."));
    }

    /// <summary>The operating system's number for it.</summary>
    public int Id => _process.Id;

    /// <summary>What it has written so far.</summary>
    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>Waits until it has written a text.</summary>
    public async Task<string> SaysAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
            await _written.Reader.ReadAsync(patience.Token);
        return Output;
    }

    /// <summary>Starts the server and waits until it listens on a free port.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="args">Its options besides the address.</param>
    public static Task<(ServerProcess Server, Uri Address)> ListenAsync(string folder, params string[] args) =>
        ListenAsync(Start(folder, "Development", Listening(args)));

    /// <summary>The same by a shell, which runs a script and then becomes the server.</summary>
    public static Task<(ServerProcess Server, Uri Address)> ListenAsAsync(
        string script, string folder, params string[] args) =>
        ListenAsync(Start(folder, "Development", Listening(args), ["sh", "-c", script + "; exec \"$@\"", "sh"]));

    private static string[] Listening(string[] args) => ["--urls", "http://127.0.0.1:0", .. args];

    private static async Task<(ServerProcess Server, Uri Address)> ListenAsync(ServerProcess server)
    {
        try
        {
            return (server, await server._listening.Task.WaitAsync(Patience));
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"It does not listen: {server.Output}{server.Errors}", e);
        }
    }

    /// <summary>Starts a server that should not come up; the answer is its exit code and what it said of it.</summary>
    public static async Task<(int ExitCode, string Errors)> RefuseAsync(
        string folder, string environment, params string[] args)
    {
        await using var server = Start(folder, environment, args);
        using var patience = new CancellationTokenSource(Patience);
        await server._process.WaitForExitAsync(patience.Token);
        return (server._process.ExitCode, server.Errors);
    }

    /// <summary>Ends the process as a power cut does; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Returns when it has ended by itself.</summary>
    public async Task EndedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static ServerProcess Start(string folder, string environment, string[] args, string[]? before = null)
    {
        var own = Environment.ProcessPath;
        var host = Path.GetFileNameWithoutExtension(own) == "dotnet" ? own! : "dotnet";
        var server = Path.Combine(AppContext.BaseDirectory, "Limiter.Server.dll");
        string[] words = [.. before ?? [], host, server, .. args];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOption).ToArray()) start.Environment.Remove(name);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        var started = new ServerProcess(start);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    private static bool IsOption(string variable) =>
        variable.StartsWith("LIMITER_", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase);

    private void Read(string? line)
    {
        Keep(_output, line);
        _written.Writer.TryWrite(true);
        if (line is null || Regex.Match(line, @"^Limiter serves .* at (http://\S+) ") is not { Success: true } greeting)
            return;
        _listening.TrySetResult(new Uri(greeting.Groups[1].Value));
    }

    private static void Keep(StringBuilder text, string? line)
    {
        lock (text) text.AppendLine(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }
}
