import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Puts a text in the place of a file, readable for this user only. Whenever the power fails, the file is the old one or the
 * new one, whole; once this resolves it is the new one. One writer at a time.
 *
 * @throws what the file system throws; the file is the old or the new one then.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  await synced(fresh, "w", (handle) => handle.writeFile(text));
  await rename(fresh, file);
  // The name is an entry of the folder, which reaches the disk apart from the file.
  await synced(dirname(file), "r", async () => {});
}

type Handle = Awaited<ReturnType<typeof open>>;

async function synced(path: string, flags: string, write: (handle: Handle) => Promise<void>): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await write(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
