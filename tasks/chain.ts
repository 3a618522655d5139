import { emptyTask } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import { verbAction } from "./action.js";
import { optional, verb } from "./verb.js";

export const chainTasks = [
  emptyTask("chain", "A local network of validators, each a process that audits every block").build(),
  verb(["chain", "start"], "Runs a network of validators on this machine until Ctrl-C, with Healthchain deployed on it")
    .addOption({
      name: "validators",
      description: "How many, 4 to 21, each in a process of about 260 MB",
      type: ArgumentType.INT,
      defaultValue: 4,
    })
    .addOption({
      name: "slot",
      description: "Length of a slot in seconds, in which there is a block at most",
      type: ArgumentType.INT,
      defaultValue: 2,
    })
    .addOption(optional("epoch", "Length of an epoch, 10s to 30d; by default 30 slots"))
    .addOption({
      name: "port",
      description: "Port of the JSON-RPC on 127.0.0.1, 0 for a free one",
      type: ArgumentType.INT,
      defaultValue: 8545,
    })
    .addOption(
      optional("data", "Folder for keys and blocks, to go on with the network later; by default nothing persists"),
    )
    .addOption({
      name: "every",
      description: "Print a line every so many blocks, 0 for none",
      type: ArgumentType.INT,
      defaultValue: 10,
    })
    .setAction(verbAction(() => import("./chain/start.js")))
    .build(),
  verb(["chain", "join"], "Adds a validator to a network that `chain start` runs, and runs it until Ctrl-C")
    .addOption({
      name: "rpc",
      description: "Address of the network's JSON-RPC",
      defaultValue: "http://127.0.0.1:8545",
    })
    .addOption(
      optional("data", "Folder for its key and blocks, to go on with it later; by default a new temporary one"),
    )
    .addOption({
      name: "amount",
      description: "Coin that a new validator stakes, such as 100000",
      defaultValue: "100000",
    })
    .setAction(verbAction(() => import("./chain/join.js")))
    .build(),
];
