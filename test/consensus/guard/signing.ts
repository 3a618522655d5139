import { FileSigningGuard } from "../../../src/consensus/guard/fileSigningGuard.js";
import { signingKey, vote } from "./key.js";

// A process of its own: opens the guard and signs, round after round, until it is killed; says each round that it signed.
const [file = ""] = process.argv.slice(2);
try {
  const guard = await FileSigningGuard.open({ file, ...signingKey });
  for (let round = 0; ; round++) {
    const { signature } = await guard.signVote(vote({ round }));
    console.log(`${round} ${signature}`);
  }
} catch (error) {
  console.log(error instanceof Error ? error.name : "failed");
}
