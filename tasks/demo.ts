import { task } from "hardhat/config";
import { optional } from "./verb.js";

export const demoTasks = [
  task("demo", "Plays the whole system on the embedded network: ingest, registration, consent, emergencies, attacks")
    .addOption(optional("data", "Folder of FHIR R4 transaction bundles; the project's own examples by default"))
    .addOption(optional("json", "File for the report"))
    .setAction(() => import("./demo/demo.js"))
    .build(),
];
