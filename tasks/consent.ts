import { emptyTask } from "hardhat/config";
import { verbAction } from "./action.js";
import { optional, patientVerb, signingVerb, verb } from "./verb.js";

const recipientOption = optional(
  "recipient",
  "To whom: doctor:0x.. (any role), 0x.., institution:3, or role:Researcher",
);
const scopeOption = {
  name: "scope",
  description: "Which records of the wallet: all, record:0x.. (one), or class:AmbulatoryRecord",
  defaultValue: "all",
} as const;
const purposesOption = optional("purposes", "Purposes of use (HL7 v3), such as TREAT,HRESCH");
const classesOption = {
  name: "classes",
  description: "Classes of sections, such as Laboratory,VitalSigns, or all",
  defaultValue: "all",
} as const;
const startOption = optional("start", "From when, such as 2026-11-24 or 7d; by default from now");
const untilOption = optional("until", "Until when, such as 2027-11-24 or 30d");
const recordArgument = { name: "id", description: "The record's id, 32 bytes in hex" } as const;

const grants = [
  patientVerb(["consent", "grant"], "Grants access to the records of a patient's wallet")
    .addOption(recipientOption)
    .addOption(scopeOption)
    .addOption(purposesOption)
    .addOption(classesOption)
    .addOption(startOption)
    .addOption(untilOption)
    .addFlag({ name: "exact", description: "Keep the very seconds; by default whole days, which link no wallets" })
    .setAction(verbAction(() => import("./consent/grant.js")))
    .build(),
  patientVerb(["consent", "narrow"], "Takes purposes, classes or time away from a grant; what is left out stays")
    .addOption(recipientOption)
    .addOption(scopeOption)
    .addOption(purposesOption)
    .addOption(optional("classes", classesOption.description))
    .addOption(untilOption)
    .addFlag({ name: "exact", description: "Keep the very second of --until" })
    .setAction(verbAction(() => import("./consent/narrow.js")))
    .build(),
  patientVerb(["consent", "revoke"], "Revokes a grant at once, and every signature that the wallet made before")
    .addOption(recipientOption)
    .addOption(scopeOption)
    .setAction(verbAction(() => import("./consent/revoke.js")))
    .build(),
  patientVerb(["consent", "revoke-all"], "Revokes every grant of the wallet, and every signature that it made before")
    .setAction(verbAction(() => import("./consent/revokeAll.js")))
    .build(),
];

const questions = [
  verb(["consent", "check"], "Says whether someone may use a section of a record for a purpose now, and why")
    .addPositionalArgument(recordArgument)
    .addOption(optional("requester", "Address of who asks"))
    .addOption({ name: "purpose", description: "The purpose of use, such as TREAT", defaultValue: "TREAT" })
    .addOption(optional("class", "The class of the section, such as Laboratory"))
    .setAction(verbAction(() => import("./consent/check.js")))
    .build(),
  verb(["consent", "list"], "Lists what a patient's wallet has granted, and where each grant stands")
    .addPositionalArgument({ name: "wallet", description: "Address of the patient's wallet" })
    .setAction(verbAction(() => import("./consent/list.js")))
    .build(),
];

const fannedOut = [
  verb(["consent", "fan-out"], "Signs one grant for each wallet of the phrase in HEALTHCHAIN_MNEMONIC, into a file")
    .addOption(optional("wallets", "Which wallets of the phrase: 0-9, or 0,3,7"))
    .addOption(recipientOption)
    .addOption({ ...scopeOption, description: "Which records of each wallet: all, or class:AmbulatoryRecord" })
    .addOption(purposesOption)
    .addOption(classesOption)
    .addOption(startOption)
    .addOption(untilOption)
    .addOption({ name: "deadline", description: "Until when the signatures may be sent", defaultValue: "7d" })
    .addOption(optional("out", "File to write, which must not exist"))
    .setAction(verbAction(() => import("./consent/fanOut.js")))
    .build(),
  signingVerb(["consent", "send"], "Sends signed statements of patients, shuffled, each in a transaction of its own")
    .addVariadicArgument({
      name: "files",
      description: "Files that `consent fan-out` wrote, of any number of patients",
    })
    .setAction(verbAction(() => import("./consent/send.js")))
    .build(),
];

const emergencies = [
  patientVerb(["consent", "opt-out"], "Forbids that emergencies open the records of a patient's wallet")
    .addFlag({ name: "undo", description: "Allow it again" })
    .setAction(verbAction(() => import("./consent/optOut.js")))
    .build(),
  signingVerb(["consent", "break-glass"], "Opens a record in an emergency, as a doctor; the auditors are told")
    .addPositionalArgument(recordArgument)
    .addOption({
      name: "reason",
      description: "LifeThreat, PatientUnresponsive, PatientIncapacitated or PublicHealthEmergency",
      defaultValue: "Unspecified",
    })
    .setAction(verbAction(() => import("./consent/breakGlass.js")))
    .build(),
  signingVerb(["consent", "rule"], "Shows the rule for emergencies, or sets it as an operator of the consortium")
    .addOption(optional("dailyLimit", "Records that a doctor may open on one day, 1 to 24"))
    .addOption(optional("duration", "How long each stays open, 15m to 1d"))
    .setAction(verbAction(() => import("./consent/rule.js")))
    .build(),
];

export const consentTasks = [
  emptyTask("consent", "Patients' consent to the use of their records").build(),
  ...grants,
  ...questions,
  ...fannedOut,
  ...emergencies,
];
