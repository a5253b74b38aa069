using Limiter.OpenApi;

if (args is not [var file])
{
    Console.Error.WriteLine("Give the file to write the description to.");
    return 64;
}
var description = await ServerDescription.MakeAsync();
await File.WriteAllBytesAsync(file, description);
return 0;
