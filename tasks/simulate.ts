import { ArgumentType } from "hardhat/types/arguments";
import { verbAction } from "./action.js";
import { verb } from "./verb.js";

export const simulateTasks = [
  verb(
    "simulate",
    "Plays the pricing game of the market and writes its figures as SVG, PNG and CSV, with a summary of the numbers",
  )
    .addOption({
      name: "output",
      description: "Folder for the files, which are written over; made if it is not there",
      defaultValue: "simulation",
    })
    .addOption({
      name: "seed",
      description: "Of the consumers that are drawn by chance: a whole number; the same one gives the same files",
      type: ArgumentType.INT,
      defaultValue: 1,
    })
    .setAction(verbAction(() => import("./simulate/simulate.js")))
    .build(),
];
