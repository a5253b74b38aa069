using Limiter.Server.Startup;

return await ServerProcess.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
