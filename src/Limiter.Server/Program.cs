using Limiter.Server.Commands;
using Limiter.Server.Commands.Terminal;

return await CommandProgram
    .RunAsync(args, Screen.OfConsole(Environment.GetEnvironmentVariable), Environment.GetEnvironmentVariable)
    .ConfigureAwait(false);
