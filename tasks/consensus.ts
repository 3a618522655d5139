import { emptyTask } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import { verbAction } from "./action.js";
import { optional, signingVerb, verb } from "./verb.js";

const amountOption = optional("amount", "How much coin, such as 12.5, or 1000wei");
const candidateArgument = { name: "candidate", description: "The candidate: its institution's number" } as const;

const views = [
  verb(
    ["consensus", "status"],
    "Shows the validators, their stakes, shares and work, whose turn it is, and the last blocks",
  )
    .addOption({
      name: "recent",
      description: "How many blocks to look back on, at most 256",
      type: ArgumentType.INT,
      defaultValue: 10,
    })
    .addOption({
      name: "upcoming",
      description: "How many slots to look ahead to, at most 1000",
      type: ArgumentType.INT,
      defaultValue: 10,
    })
    .setAction(verbAction(() => import("./consensus/status.js")))
    .build(),
  verb(["consensus", "candidates"], "Lists who stands for election, with the most stake first")
    .addOption({ name: "limit", description: "How many at most", type: ArgumentType.INT, defaultValue: 128 })
    .setAction(verbAction(() => import("./consensus/candidates.js")))
    .build(),
  verb(["consensus", "stakes"], "Shows what an account has at stake, has earned, and is getting back")
    .addPositionalArgument({ name: "account", description: "Its address" })
    .setAction(verbAction(() => import("./consensus/stakes.js")))
    .build(),
];

const candidacy = [
  signingVerb(["consensus", "stand"], "Stands for election, for the first time or again, as an institution")
    .addOption({
      name: "commission",
      description: "Its part of the rewards in percent, such as 5; one that stands again keeps the one it has",
      defaultValue: "0",
    })
    .addOption({
      name: "amount",
      description: "Coin to stake, such as 10000; with what is at stake already",
      defaultValue: "0",
    })
    .setAction(verbAction(() => import("./consensus/stand.js")))
    .build(),
  signingVerb(["consensus", "stake"], "Adds to the stake of the own candidacy, as an institution")
    .addOption(amountOption)
    .setAction(verbAction(() => import("./consensus/stake.js")))
    .build(),
  signingVerb(["consensus", "commission"], "Announces another commission of the own candidacy, as an institution")
    .addPositionalArgument({ name: "percent", description: "The institution's part of the rewards, such as 7.5" })
    .setAction(verbAction(() => import("./consensus/commission.js")))
    .build(),
  signingVerb(["consensus", "resign"], "Stops standing, from the next epoch on, as an institution")
    .setAction(verbAction(() => import("./consensus/resign.js")))
    .build(),
  signingVerb(["consensus", "unjail"], "Stands again after jail, as an institution")
    .setAction(verbAction(() => import("./consensus/unjail.js")))
    .build(),
  signingVerb(
    ["consensus", "expel"],
    "Takes out a candidate whose certificate is not in force or whose stake is too small",
  )
    .addPositionalArgument(candidateArgument)
    .setAction(verbAction(() => import("./consensus/expel.js")))
    .build(),
];

const delegation = [
  signingVerb(["consensus", "delegate"], "Puts coin at stake for a candidate")
    .addPositionalArgument(candidateArgument)
    .addOption(amountOption)
    .setAction(verbAction(() => import("./consensus/delegate.js")))
    .build(),
  signingVerb(["consensus", "undelegate"], "Takes stake back from a candidate, to be claimed after the unbonding")
    .addPositionalArgument(candidateArgument)
    .addOption(amountOption)
    .setAction(verbAction(() => import("./consensus/undelegate.js")))
    .build(),
  signingVerb(["consensus", "redelegate"], "Moves stake from a candidate to another one at once")
    .addPositionalArgument({ name: "candidate", description: "The candidate that it leaves" })
    .addPositionalArgument({ name: "to", description: "The candidate that it backs from now on" })
    .addOption(amountOption)
    .setAction(verbAction(() => import("./consensus/redelegate.js")))
    .build(),
  signingVerb(["consensus", "claim"], "Claims what is earned, and the stake whose unbonding is over")
    .addOption(optional("candidate", "Only what is with this candidate; by default with all"))
    .setAction(verbAction(() => import("./consensus/claim.js")))
    .build(),
];

const epochs = [
  signingVerb(["consensus", "elect"], "Ends the epoch, once it is over, and elects the validators of the next one")
    .setAction(verbAction(() => import("./consensus/elect.js")))
    .build(),
  signingVerb(["consensus", "settle"], "Pays the validators of the oldest epoch that is over and confirmed")
    .setAction(verbAction(() => import("./consensus/settle.js")))
    .build(),
  signingVerb(
    ["consensus", "report"],
    "Reports two statements that contradict each other; who said two things is slashed",
  )
    .addPositionalArgument({ name: "file", description: "JSON file with the signed statements, as first and second" })
    .setAction(verbAction(() => import("./consensus/report.js")))
    .build(),
];

const governance = [
  signingVerb(["consensus", "rules"], "Shows the rules for validators and rewards, or sets some as an operator")
    .addOption(optional("seats", "Validators of an epoch at most, 4 to 128"))
    .addOption(optional("minValidators", "Validators at least, 4 to the seats"))
    .addOption(optional("epochLength", "Length of an epoch, 10s to 30d"))
    .addOption(optional("unbondingEpochs", "Epochs that stake stays answerable after it left, 2 to 60"))
    .addOption(optional("maxCommission", "The highest commission in percent, at most 50"))
    .addOption(optional("commissionNotice", "Epochs from the announcement of a commission to its effect, 1 to 60"))
    .addOption(optional("jailTime", "How long who was down is jailed, 1s to 30d"))
    .addOption(optional("slashFraction", "What a fault burns, in percent, 0.01 to 100"))
    .addOption(optional("minSelfStake", "What a candidate has at stake itself at least, such as 10000"))
    .addOption(optional("blockReward", "Coin for one confirmed block at most, such as 1"))
    .addOption(optional("leaderShare", "The leader's part of it in percent, at most 100"))
    .addOption(optional("minParticipation", "Blocks that a validator has to sign, in percent, at most 50"))
    .addOption(optional("minBlocks", "Blocks from which on an epoch says who was down, 1 to 65535"))
    .setAction(verbAction(() => import("./consensus/rules.js")))
    .build(),
];

const simulation = [
  verb(["consensus", "simulate"], "Runs the block audit in simulated networks with delays, losses, crashes and liars")
    .addOption({
      name: "runs",
      description: "How many runs, each with a seed of its own",
      type: ArgumentType.INT,
      defaultValue: 10_000,
    })
    .addOption({
      name: "seed",
      description: "The first run's seed; the others follow it",
      type: ArgumentType.INT,
      defaultValue: 1,
    })
    .setAction(verbAction(() => import("./consensus/simulate.js")))
    .build(),
];

export const consensusTasks = [
  emptyTask("consensus", "Validators: elections, stake, rewards, and the audit of blocks").build(),
  ...views,
  ...candidacy,
  ...delegation,
  ...epochs,
  ...governance,
  ...simulation,
];
