/** Aborted by the first Ctrl-C, or the signal with which systems stop services; a second one ends the process as usual. */
export function interruption(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupt.abort());
  return interrupt.signal;
}
