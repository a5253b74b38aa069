using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Limiter.Processes.Tests.Running;

/// <summary>What the operating system can do to a process: signals, and a bound on the files that it writes.</summary>
internal static partial class ProcessControl
{
    private const int Terminate = 15;
    private const int FileSize = 1;
    private const ulong Unbounded = ulong.MaxValue;

    /// <summary>SIGSTOP and SIGCONT have other numbers there.</summary>
    private static readonly (int Stop, int Continue) Pausing = OperatingSystem.IsMacOS() ? (17, 19) : (19, 18);

    /// <summary>Asks it to end in order.</summary>
    public static void AskToEnd(int process) => Send(process, Terminate);

    public static void Freeze(int process) => Send(process, Pausing.Stop);

    public static void Thaw(int process) => Send(process, Pausing.Continue);

    /// <summary>
    /// No file may grow beyond so many bytes from now on: a write fails as on a disk that is full (EFBIG where that
    /// says ENOSPC). The process has to ignore SIGXFSZ. Linux only.
    /// </summary>
    public static void LimitFiles(int process, long bytes) => Limit(process, checked((ulong)bytes));

    public static void UnlimitFiles(int process) => Limit(process, Unbounded);

    // The hard limit stays unbounded, so that the soft one can be lifted again.
    private static void Limit(int process, ulong soft)
    {
        var bounds = new Bounds { Soft = soft, Hard = Unbounded };
        if (prlimit(process, FileSize, ref bounds, 0) != 0) throw new Win32Exception();
    }

    private static void Send(int process, int signal)
    {
        if (kill(process, signal) != 0) throw new Win32Exception();
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);

    [DllImport("libc", SetLastError = true)]
    private static extern int prlimit(int process, int resource, ref Bounds bounds, nint former);

    [StructLayout(LayoutKind.Sequential)]
    private struct Bounds
    {
        public ulong Soft;
        public ulong Hard;
    }
}
