import { emptyTask } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import { verbAction } from "./action.js";
import { optional, signingVerb, verb } from "./verb.js";

const urlOption = optional("url", "Address of the medical database, such as http://127.0.0.1:8080");
const institutionOption = optional("institution", "The institution's number");
const fileOption = optional("file", "The institution's database file; made if it does not exist");
const keyFileOption = optional("keyFile", "File of its key-encryption key, as `database new-key` makes it");

/** Begins the declaration of a verb that talks to a medical database as a wallet. */
function clientVerb(id: string[], description: string) {
  return signingVerb(id, description).addOption(urlOption).addOption(institutionOption);
}

const operating = [
  verb(["database", "new-key"], "Makes the key that protects an institution's database file")
    .addPositionalArgument({ name: "file", description: "New file for the key, readable by its owner only" })
    .setAction(verbAction(() => import("./database/newKey.js")))
    .build(),
  signingVerb(
    ["database", "serve"],
    "Serves the medical databases of one or more institutions until Ctrl-C; --from certifies wallets",
  )
    .addOption(optional("institutions", "JSON file that lists several institutions, instead of the options for one"))
    .addOption(institutionOption)
    .addOption(optional("name", "The institution's name"))
    .addOption(optional("organization", "The identifier by which bundles name it, as system|value"))
    .addOption(fileOption)
    .addOption(keyFileOption)
    .addOption(optional("attending", "Wallet of its attending physician, for encounters that name nobody"))
    .addOption(optional("store", "File of the account center's encrypted store, which says whose wallets sign"))
    .addOption({ name: "host", description: "Address to listen on", defaultValue: "127.0.0.1" })
    .addOption({
      name: "port",
      description: "Port to listen on, 0 for a free one",
      type: ArgumentType.INT,
      defaultValue: 8080,
    })
    .addOption(optional("publicUrl", "Address under which clients reach it, when it is behind a proxy"))
    .addOption(optional("trustProxy", "Proxies whose X-Forwarded-For is believed: addresses, networks or loopback"))
    .addOption({
      name: "maxBlockAge",
      description:
        "How old the newest block may be before nothing is served, or `none` for a chain without regular blocks",
      defaultValue: "10m",
    })
    .addOption({ name: "finality", description: "Which block is final, latest or finalized", defaultValue: "latest" })
    .addOption({
      name: "enrollEvery",
      description: "How often fresh wallets of all patients are enrolled, in random order",
      defaultValue: "1h",
    })
    .setAction(verbAction(() => import("./database/serve.js")))
    .build(),
  verb(["database", "audit"], "Checks that nobody changed the access log in an institution's database file")
    .addOption(institutionOption)
    .addOption(fileOption)
    .addOption(keyFileOption)
    .addOption(optional("known", "A head that was seen before, as LENGTH:HASH, which must be part of the log"))
    .setAction(verbAction(() => import("./database/audit.js")))
    .build(),
  verb(["database", "shred"], "Deletes the key of a record, whose content is then gone for good")
    .addPositionalArgument({ name: "id", description: "The record's id, 32 bytes in hex" })
    .addOption(institutionOption)
    .addOption(fileOption)
    .addOption(keyFileOption)
    .setAction(verbAction(() => import("./database/shred.js")))
    .build(),
];

const using = [
  clientVerb(["database", "ingest"], "Sends patients' FHIR bundles to the database, as the institution")
    .addVariadicArgument({ name: "files", description: "FHIR R4 transaction bundles, one patient each" })
    .setAction(verbAction(() => import("./database/ingest.js")))
    .build(),
  clientVerb(["database", "requests"], "Lists the signing requests that wait for the wallet")
    .addOption(optional("out", "Folder to save the requests in that both have signed, as the institution"))
    .setAction(verbAction(() => import("./database/requests.js")))
    .build(),
  clientVerb(["database", "sign"], "Checks and signs records that wait for the wallet, as doctor or patient")
    .addVariadicArgument({ name: "ids", description: "Ids of the records; by default all that wait", defaultValue: [] })
    .setAction(verbAction(() => import("./database/sign.js")))
    .build(),
  clientVerb(["database", "read"], "Reads a record, checks it against the chain, and prints its FHIR Bundle as served")
    .addPositionalArgument({ name: "id", description: "The record's id, 32 bytes in hex" })
    .addOption({ name: "purpose", description: "The purpose of use, such as TREAT", defaultValue: "TREAT" })
    .addOption(optional("form", "full or deidentified; by default what the purpose allows"))
    .addOption(optional("out", "New file for the Bundle; then only a summary is printed"))
    .setAction(verbAction(() => import("./database/read.js")))
    .build(),
];

export const databaseTasks = [
  emptyTask("database", "An institution's medical database").build(),
  ...operating,
  ...using,
];
