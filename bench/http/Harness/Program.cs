using Harness;
using Harness.Reading;

// What operators and tenants read, at size: dotnet run -c Release --project bench/http/Harness -- usage
if (args is ["usage"])
{
    await UsageReport.RunAsync();
    return 0;
}
if (!RunOptions.TryRead(args, out var options, out var error))
{
    Console.Error.WriteLine(error);
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });
return await new Run(options).GoAsync(stop.Token);
