return Limiter.Simulation.Running.CommandLine.Run(args, Console.Out);
