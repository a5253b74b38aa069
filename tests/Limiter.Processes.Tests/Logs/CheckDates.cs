using Limiter.Domain;
using Limiter.Http.Checks;

namespace Limiter.Processes.Tests.Logs;

/// <summary>Reads from the id of an admission the bucket's time of it.</summary>
internal sealed class CheckDates(byte[] signingKey) : IDisposable
{
    private readonly CheckIds _ids = new(signingKey);

    public Instant Read(string checkId)
    {
        _ids.TryRead(checkId, out var admitted).ShouldBe(CheckIdReading.Genuine, checkId);
        return admitted.SpentAt;
    }

    public void Dispose() => _ids.Dispose();
}
