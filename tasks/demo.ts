import { task } from "hardhat/config";
import { optional } from "./verb.js";

export const demoTasks = [
  task(
    "demo",
    "Plays the whole system on a network of validators in this process: records, consent, attacks, audits, rewards",
  )
    .addOption(optional("data", "Folder of FHIR R4 transaction bundles; the project's own examples by default"))
    .addOption(optional("json", "File for the report"))
    .setAction(() => import("./demo/demo.js"))
    .build(),
];
