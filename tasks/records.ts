import { emptyTask } from "hardhat/config";
import { verbAction } from "./action.js";
import { optional, patientVerb, signingVerb, verb } from "./verb.js";

const recordArgument = { name: "id", description: "The record's id, 32 bytes in hex" } as const;

export const recordsTasks = [
  emptyTask("records", "Medical records in the chain's index").build(),
  verb(["records", "show"], "Shows what the chain knows of a record")
    .addPositionalArgument(recordArgument)
    .setAction(verbAction(() => import("./records/show.js")))
    .build(),
  verb(["records", "history"], "Shows a record's whole life: registered, granted, revoked, opened in an emergency")
    .addPositionalArgument(recordArgument)
    .setAction(verbAction(() => import("./records/history.js")))
    .build(),
  signingVerb(["records", "register"], "Registers signed records, amendments and batches too, as the institution")
    .addVariadicArgument({
      name: "files",
      description: "Files that `database requests --out` or `records sign-batch` wrote",
      defaultValue: [],
    })
    .addOption(optional("url", "Address of the medical database to take all signed requests from, instead of files"))
    .addOption(optional("institution", "Number of the institution in that database"))
    .setAction(verbAction(() => import("./records/register.js")))
    .build(),
  signingVerb(
    ["records", "sign-batch"],
    "Signs earlier records together, as their doctor, to be registered as asserted",
  )
    .addVariadicArgument({ name: "ids", description: "Ids of the records; by default all that wait", defaultValue: [] })
    .addOption(optional("url", "Address of the medical database where the requests wait"))
    .addOption(optional("institution", "Number of the institution in that database"))
    .addOption(optional("out", "File to write, which must not exist"))
    .setAction(verbAction(() => import("./records/signBatch.js")))
    .build(),
  patientVerb(["records", "accept"], "Accepts a record that an institution asserted, as its patient")
    .addPositionalArgument(recordArgument)
    .setAction(verbAction(() => import("./records/accept.js")))
    .build(),
  patientVerb(["records", "repudiate"], "Repudiates a record that an institution asserted, for good, as its patient")
    .addPositionalArgument(recordArgument)
    .setAction(verbAction(() => import("./records/repudiate.js")))
    .build(),
  verb(["records", "verify"], "Checks a record's file, as a medical database served it, against the chain")
    .addPositionalArgument({ name: "file", description: "The served Bundle, as `database read --out` writes it" })
    .setAction(verbAction(() => import("./records/verify.js")))
    .build(),
];
