// NO_COLOR wins. Where both are set, Node says that it does not, on stderr, as soon as one of its libraries is loaded.
if ((process.env['NO_COLOR'] ?? '') !== '') delete process.env['FORCE_COLOR'];
const { run } = await import('./cli/program.ts');

// A reader that has seen enough (`| head`) is no error, and does not change the exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  process.exitCode = await run(process.argv.slice(2), {
    // A getter: the stream is opened only where a command reads it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    now: () => Date.now(),
  });
} catch (error) {
  const detail =
    error instanceof Error ? ((process.env['PROBEWISE_DEBUG'] ?? '') === '' ? error.message : error.stack) : String(error);
  process.stderr.write(
    `probewise: internal error: ${detail}\nThis is a defect of Probewise. Run again with PROBEWISE_DEBUG=1 and report what it prints.\n`,
  );
  process.exitCode = 2;
}
