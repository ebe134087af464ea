// Asks again until the answer is true, or until the time is up.
const limit = 30_000;

export async function eventually(condition, what = () => "it did not come true", time = limit) {
  const deadline = Date.now() + time;
  let last;
  for (;;) {
    try {
      if (await condition()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(what(), { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
