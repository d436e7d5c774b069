/** Is it worth saying that we wait? Resolves after a moment, or as soon as the work is over. */
export async function takesLong(work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), 150);
  });
  try {
    return await Promise.race([
      late,
      work.then(
        () => false,
        () => false,
      ),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
