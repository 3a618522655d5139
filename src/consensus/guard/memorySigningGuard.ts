import { RecordingGuard, type SigningKey } from "./recordingGuard.js";
import { NOTHING_SIGNED } from "./signingRecord.js";

/**
 * A guard that remembers as long as its process lives: for networks inside one process, whose chain is gone with it. A
 * validator that can restart and go on needs `FileSigningGuard`.
 */
export class MemorySigningGuard extends RecordingGuard {
  static async of(key: SigningKey): Promise<MemorySigningGuard> {
    return new MemorySigningGuard(await key.key.getAddress(), key, NOTHING_SIGNED);
  }

  protected override async keep(): Promise<void> {}
}
