/** Thrown when a file cannot be opened, belongs to something else, or cannot be brought to this version. It is not changed then. */
export class StorageUnusable extends Error {
  override readonly name = "StorageUnusable";

  constructor(file: string, reason: unknown) {
    const detail = reason instanceof Error ? reason.message : reason;
    super(`${file} cannot be used as a medical database (${detail}): check its path, its folder and the permissions`, {
      cause: reason,
    });
  }
}
