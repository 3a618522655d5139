import { emptyTask } from "hardhat/config";
import { verbAction } from "./action.js";
import { optional, patientVerb, signingVerb, verb } from "./verb.js";

const amountOption = optional("amount", "How much coin, such as 12.5, or 1000wei");

export const coinTasks = [
  emptyTask("coin", "The medical coin").build(),
  verb(["coin", "balance"], "Shows how much coin an account has")
    .addPositionalArgument({ name: "account", description: "Its address" })
    .setAction(verbAction(() => import("./coin/balance.js")))
    .build(),
  signingVerb(["coin", "transfer"], "Sends coin to an account")
    .addOption(optional("to", "Address of the receiver"))
    .addOption(amountOption)
    .setAction(verbAction(() => import("./coin/transfer.js")))
    .build(),
  patientVerb(["coin", "permit"], "Lets a spender take coin of the signer, who needs no gas if a relayer sends it")
    .addOption(optional("spender", "Address of who may take it"))
    .addOption(amountOption)
    .setAction(verbAction(() => import("./coin/permit.js")))
    .build(),
  signingVerb(["coin", "allot"], "Allots a lifetime quota of coin to a contract that may mint, as an operator, once")
    .addPositionalArgument({ name: "emitter", description: "Address of the contract" })
    .addOption(amountOption)
    .setAction(verbAction(() => import("./coin/allot.js")))
    .build(),
  signingVerb(
    ["coin", "end-emission"],
    "Takes back for good what a contract has not minted of its quota, as an operator",
  )
    .addPositionalArgument({ name: "emitter", description: "Address of the contract" })
    .setAction(verbAction(() => import("./coin/endEmission.js")))
    .build(),
  verb(["coin", "emission"], "Shows the quota of a contract that may mint, and how much of it is minted")
    .addPositionalArgument({ name: "emitter", description: "Address of the contract" })
    .setAction(verbAction(() => import("./coin/emission.js")))
    .build(),
  verb(["coin", "supply"], "Shows how much coin there is, is allotted, and may ever be")
    .setAction(verbAction(() => import("./coin/supply.js")))
    .build(),
];
