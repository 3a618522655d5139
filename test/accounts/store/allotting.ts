import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openStore } from "../../../src/accounts/index.js";

/** A process of its own that allots wallets: `allotting.ts PATH KEY SYSTEM VALUE COUNT` prints the index of each once it has it. */
function allot(path = "", key = "", system = "", value = "", count = "0"): void {
  const store = openStore({ path, key: Buffer.from(key, "hex") });
  for (let done = 0; done < Number(count); done++) writeSync(1, `${store.allotWallet({ system, value }).index}\n`);
  store.close();
}

// The test runner imports every file of this folder; only a process started on it allots.
if (process.argv[1] === fileURLToPath(import.meta.url)) allot(...process.argv.slice(2));
