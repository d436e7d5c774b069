/** Runs a test's work as a user without privileges where the tests run as root, for whom no permission is ever denied. */
export async function asUnprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0 || process.seteuid === undefined || process.setegid === undefined) return work();
  process.setegid(65534);
  process.seteuid(65534);
  try {
    return await work();
  } finally {
    process.seteuid(0);
    process.setegid(0);
  }
}
