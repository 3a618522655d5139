import { FileSigningGuard } from "../../../src/consensus/guard/fileSigningGuard.js";
import { signingKey, vote } from "./key.js";

/** A process of its own: opens the guard and signs, round after round, until it is killed; says each round that it signed. */
async function sign(file = ""): Promise<void> {
  try {
    const guard = await FileSigningGuard.open({ file, ...signingKey });
    for (let round = 0; ; round++) {
      const { signature } = await guard.signVote(vote({ round }));
      console.log(`${round} ${signature}`);
    }
  } catch (error) {
    console.log(error instanceof Error ? error.name : "failed");
  }
}

// The test runner imports every file of this folder; only a process started on it signs.
if (process.argv[1] === import.meta.filename) await sign(process.argv[2]);
