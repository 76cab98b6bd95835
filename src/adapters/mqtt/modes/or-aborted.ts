/** What the promise resolves to, or null as soon as the signal is aborted. Leaves no listener behind. */
export async function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | null> {
  if (signal.aborted) return null;
  let onAbort = (): void => undefined;
  const isAborted = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, isAborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
