import { definePlugin } from "hardhat/plugins";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { accountsTasks } from "./accounts.js";
import { benchTasks } from "./bench.js";
import { chainTasks } from "./chain.js";
import { coinTasks } from "./coin.js";
import { consensusTasks } from "./consensus.js";
import { consentTasks } from "./consent.js";
import { databaseTasks } from "./database.js";
import { demoTasks } from "./demo.js";
import { deployTasks } from "./deploy.js";
import { marketTasks } from "./market.js";
import { recordsTasks } from "./records.js";
import { simulateTasks } from "./simulate.js";

/**
 * Healthchain's tasks as a Hardhat 3 plugin: `plugins: [healthchain]` gives a project `npx hardhat deploy`, `accounts`,
 * `records`, `consent`, `coin`, `consensus`, `chain`, `database`, `market`, `simulate`, `demo` and `bench`. Each domain declares its own in a
 * file of its name; what a verb does is loaded when it runs.
 */
const healthchain: HardhatPlugin = definePlugin({
  id: "healthchain",
  dependencies: () => [
    import("@nomicfoundation/hardhat-ignition-ethers"),
    import("@nomicfoundation/hardhat-ethers"),
    import("@nomicfoundation/hardhat-network-helpers"),
  ],
  tasks: [
    ...deployTasks,
    ...accountsTasks,
    ...recordsTasks,
    ...consentTasks,
    ...coinTasks,
    ...consensusTasks,
    ...chainTasks,
    ...databaseTasks,
    ...marketTasks,
    ...simulateTasks,
    ...demoTasks,
    ...benchTasks,
  ],
});

export default healthchain;
