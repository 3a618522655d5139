import { task } from "hardhat/config";
import { optional } from "./verb.js";

export const benchTasks = [
  task("bench", "Measures the gas of every operation of production bytecode against the cost that cannot be avoided")
    .addOption(optional("json", "File for the rows"))
    .setAction(() => import("./bench/bench.js"))
    .build(),
];
